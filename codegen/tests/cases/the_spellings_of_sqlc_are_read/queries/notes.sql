-- name: notes_list :many
SELECT id FROM notes WHERE title = @title AND body = sqlc.narg('body');
-- name: b :many
SELECT id FROM notes WHERE title = sqlc.arg(title);
