-- name: notes_list :many
DELETE FROM notes WHERE true;
-- name: b :one
DELETE FROM notes WHERE id = :id;
