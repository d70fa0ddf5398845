-- name: notes_list :many
SELECT id FROM nots;
-- name: b :many
SELECT id FROM quite_another;
