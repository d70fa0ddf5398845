-- name: notes_list :many
SELECT id FROM notes;
DELETE FROM notes;
