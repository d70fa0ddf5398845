-- xact: skp
-- name: notes_all :many
SELECT id FROM notes;

-- name: notes_clear :exec
-- xact: every row
DELETE FROM notes;
