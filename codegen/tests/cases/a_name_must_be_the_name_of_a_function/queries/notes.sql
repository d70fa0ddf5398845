-- name: notes-list :many
SELECT id FROM notes;
-- name: 2nd :many
SELECT id FROM notes;
