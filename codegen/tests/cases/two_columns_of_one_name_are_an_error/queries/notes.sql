-- name: notes_list :many
SELECT id, body AS id FROM notes;
