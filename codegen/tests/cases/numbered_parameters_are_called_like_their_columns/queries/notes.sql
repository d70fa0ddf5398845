-- name: notes_rename :exec
UPDATE notes SET title = $1 WHERE id = $2;
-- name: notes_list :many
SELECT id FROM notes WHERE title = $1 ORDER BY id LIMIT $2;
