-- name: notes_all :many
SELECT id, title FROM notes;

-- xact: skip
-- name: notes_of_another_table :many
SELECT id FROM not_there;

-- name: notes_temporary :exec
-- xact: skip: needs a temporary table
CREATE TEMP TABLE copies (id bigint) ON COMMIT DROP; INSERT INTO copies SELECT id FROM notes;

-- name: notes_of_sqlc :a_command_of_another_tool
-- xact: skip
SELECT 'without an end FROM notes;

-- name: notes_last :one
SELECT max(id) AS last FROM notes;
