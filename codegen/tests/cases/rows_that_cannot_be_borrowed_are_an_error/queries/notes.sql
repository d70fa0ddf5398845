-- xact: borrowed rows
-- name: notes_list :many
SELECT id, title FROM notes;

-- xact: borrowed rows
-- name: notes_tags :stream
SELECT id, tags FROM notes;

-- xact: borrowed rows
-- name: notes_clear :exec
UPDATE notes SET title = '' WHERE id = :id;
