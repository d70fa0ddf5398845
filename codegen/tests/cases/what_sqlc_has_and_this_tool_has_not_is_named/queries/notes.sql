-- name: notes_list :many
SELECT sqlc.embed(notes) FROM notes;
-- name: b :many
SELECT id FROM notes WHERE id IN (sqlc.slice(ids));
