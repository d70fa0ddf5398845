-- Not documentation: an empty line follows.

-- All notes,
-- in no order.
-- name: notes_list :many
SELECT id, title FROM notes;

-- name: notes_ids :many
-- sqlc's users write it here.
SELECT id FROM notes;

-- name: notes_delete :exec
DELETE FROM notes WHERE true;
