-- name: notes_length :one
SELECT avg(length(body)) AS average FROM notes;

-- name: notes_list :many
SELECT id, host, flags FROM notes WHERE id > 1;

-- name: notes_bodies :many
-- derive: schemars::JsonSchema
SELECT id, body FROM notes;
