-- Every scope may.
-- name: notes_titles :many
SELECT title FROM notes;

-- A column that one role may not read.
-- name: notes_secrets :many
SELECT secret FROM notes;

-- Neither role may, and each lacks something else.
-- name: notes_move :exec
WITH gone AS (DELETE FROM notes WHERE id = :id RETURNING title)
INSERT INTO notes (id, title) SELECT :new_id, title FROM gone;

-- A lock is an UPDATE.
-- name: notes_lock :optional
SELECT title FROM notes WHERE id = :id FOR UPDATE;

-- A view that one role may not read, though it may read what is below.
-- name: titles_list :many
SELECT title FROM titles;

-- A schema that one role may not look into, though it may read the table.
-- name: keys_count :one
SELECT count(*) FROM vault.keys;

-- A function that is not for everybody.
-- name: expensive_call :one
SELECT expensive();

-- A utility is run, and undone.
-- name: notes_truncate :exec
TRUNCATE notes;

-- A parameter that cannot be NULL, not even for a try.
-- name: notes_label :exec
UPDATE notes SET label = :label WHERE id = :id;
