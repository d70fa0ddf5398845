-- name: notes_list :many
-- A comment only.

-- name: notes_ids :many
SELECT id FROM notes;
