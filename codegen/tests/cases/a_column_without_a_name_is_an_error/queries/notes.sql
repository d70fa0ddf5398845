-- name: notes_list :many
SELECT id, 1 + 1 FROM notes;
