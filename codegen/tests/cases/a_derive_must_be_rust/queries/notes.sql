-- name: notes_ids :many
SELECT id FROM notes;
