-- name: notes_list
SELECT id FROM notes;

-- name:
SELECT 1;

-- name: notes_ids :many please
SELECT id FROM notes;
