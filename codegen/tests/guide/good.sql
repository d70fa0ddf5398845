## ambiguous-function
-- name: notes_twice :many
SELECT twice(title::text) AS twice FROM notes;
## constant-order
-- name: notes_sorted :many
SELECT id FROM notes ORDER BY CASE :sorted_by::text WHEN 'title' THEN title END, id;
## contradicted-override
-- name: notes_titles :many
SELECT title, body AS "body!" FROM notes WHERE length(title) > 3;
## copy
-- name: notes_load :copy
INSERT INTO notes (title) VALUES (:title);
## batch-form
-- name: notes_fill :exec
UPDATE notes SET body = '' WHERE body IS NULL;
## batch-parameter
-- name: people_merge :batch
INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO UPDATE SET email = excluded.email;
## copy-form
-- name: people_put :batch
INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO NOTHING;
## duplicate-column
-- name: notes_and_authors :many
SELECT n.id, p.id AS author FROM notes n JOIN people p ON p.id = n.author_id;
## duplicate-name
-- name: notes_all :many
SELECT id FROM notes;

-- name: notes_newest :many
SELECT id FROM notes ORDER BY id DESC LIMIT 10;
## empty-query
-- name: notes_count :one
SELECT count(*) FROM notes;
## invalid-annotation
-- name: notes_listed :many
SELECT id FROM notes;
## invalid-name
-- name: notes_list :many
SELECT id FROM notes;
## missing-column
-- name: note_create :exec
INSERT INTO notes (title, body) VALUES (:title, :body);
## missing-where
-- xact: all rows
-- name: notes_delete :execrows
DELETE FROM notes;
## mixed-parameters
-- name: notes_between :many
SELECT id FROM notes WHERE id > :after AND id < :before;
## no-rows
-- name: note_rename :many
UPDATE notes SET title = :title WHERE id = :id RETURNING id;
## redundant-override
-- name: note_titles :many
SELECT title FROM notes;
## second-statement
-- name: note_delete :exec
DELETE FROM notes WHERE id = :id;

-- name: person_delete :exec
DELETE FROM people WHERE id = :id;
## session-state
-- name: be_patient :exec
SET LOCAL lock_timeout = '5s';
## undetermined-type
-- name: echo :one
SELECT :word::text AS word;
## unknown-column
-- name: notes_titled :many
SELECT n.title FROM notes n;
## unknown-command
-- name: notes_ids :many
SELECT id FROM notes;
## unknown-function
-- name: notes_quiet :many
SELECT lower(title) AS title FROM notes;
## unknown-parameter
-- name: note_one :optional
SELECT title FROM notes WHERE id = $1;
## unknown-table
-- name: notes_known :many
SELECT id FROM notes;
## unmapped-type
-- name: notes_words :many
SELECT id, words::text AS words FROM notes;
## unnamed-column
-- name: notes_lengths :many
SELECT id, length(title) + 1 AS length FROM notes;
## unnamed-statement
-- name: notes_named :many
SELECT id FROM notes;
## unproved-cardinality
-- name: person_by_email :optional
SELECT id FROM people WHERE email = :email;
## unsupported-sqlc
-- name: notes_with_authors :many
SELECT n.id, n.title, p.email AS author_email FROM notes n JOIN people p ON p.id = n.author_id;
## unterminated
-- name: notes_greeting :many
SELECT id FROM notes WHERE title = 'it''s';
## unused-parameter
-- name: notes_of :many
SELECT id FROM notes WHERE id > $1 AND author_id = $2;
