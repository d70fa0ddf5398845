-- name: notes_list :many
SELECT id FROM notes WHERE id = :id OR title = $1;
-- name: b :many
SELECT id FROM notes WHERE id = $1 OR title = :title;
