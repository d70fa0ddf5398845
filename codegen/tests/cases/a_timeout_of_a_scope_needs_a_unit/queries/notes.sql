-- name: notes_list :many
SELECT id FROM notes;
