-- name: notes_list :many
SELECT id FROM notes WHERE id = :id OR title = $1;
-- name: notes_by_number :many
SELECT id FROM notes WHERE id = $1 OR title = :title;
-- name: notes_filtered :many
SELECT id FROM notes WHERE id > $1 AND (sqlc.narg('title')::text IS NULL OR title = sqlc.narg('title')) AND body = @body LIMIT $2;
