## ambiguous-column
-- name: notes_namesakes :many
SELECT n.id, old.id AS old_id FROM notes AS n JOIN notes AS old ON old.title = n.title;
## ambiguous-function
-- name: notes_twice :many
SELECT twice(title::text) AS twice FROM notes;
## batch-form
-- name: notes_fill :exec
UPDATE notes SET body = '' WHERE body IS NULL;
## batch-parameter
-- name: people_merge :batch
INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO UPDATE SET email = excluded.email;
## constant-order
-- name: notes_sorted :many
SELECT id FROM notes ORDER BY CASE :sorted_by::text WHEN 'title' THEN title END, id;
## contradicted-override
-- name: notes_titles :many
SELECT title, body AS "body!" FROM notes WHERE length(title) > 3;
## copy
-- name: notes_load :copy
INSERT INTO notes (title) VALUES (:title);
## copy-form
-- name: people_put :batch
INSERT INTO people (email) VALUES (:email) ON CONFLICT (email) DO NOTHING;
## depends-on-later migrations/2_a.up.sql
-- depends: 1
CREATE TABLE a (id bigint PRIMARY KEY);
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
## grouping
-- name: notes_by_author :many
SELECT author_id, max(title) AS last_title FROM notes GROUP BY author_id;
## invalid-annotation
-- name: notes_listed :many
SELECT id FROM notes;
## invalid-configuration xact.toml
[scopes.writer]
role = "customer"
settings = [{ name = "app.user_id", type = "people.id" }]
## invalid-depends migrations/2_d.up.sql
-- depends: 1
CREATE TABLE d (id bigint PRIMARY KEY);
## invalid-lint xact.toml
[lint.foreign-key-index]
off = "the tables are small"
## invalid-name
-- name: notes_list :many
SELECT id FROM notes;
## invalid-rust-type schema_annotations.yaml
tables:
  notes:
    id_type: NoteId
## invalid-scope xact.toml
[scopes.reader]
role = "customer"
settings = ["app.user_id"]
## migration-cycle migrations/2_c.up.sql
-- depends: 1
CREATE TABLE c (id bigint PRIMARY KEY);
## migration-name migrations/20250106090000_add_tags.up.sql
CREATE TABLE tags (id bigint PRIMARY KEY);
## missing-column
-- name: note_create :exec
INSERT INTO notes (title, body) VALUES (:title, :body);
## missing-parent migrations/2_b.up.sql
-- depends: 1
CREATE TABLE b (id bigint PRIMARY KEY);
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
## no-scope migrations/2_grant.up.sql
GRANT UPDATE (title) ON notes TO customer;
## not-in-transaction migrations/2_index.up.sql
-- no-transaction
CREATE INDEX CONCURRENTLY notes_title_idx ON notes (title);
## redundant-override
-- name: note_titles :many
SELECT title FROM notes;
## reserved-name queries/types_of_notes.sql
-- name: notes_of_type :many
SELECT id FROM notes WHERE title LIKE :type;
## second-statement
-- name: note_delete :exec
DELETE FROM notes WHERE id = :id;

-- name: person_delete :exec
DELETE FROM people WHERE id = :id;
## session-state
-- name: be_patient :exec
SET LOCAL lock_timeout = '5s';
## syntax
-- name: notes_with_titles :many
SELECT id, title FROM notes;
## transaction-control
-- name: notes_retitle :execrows
UPDATE notes SET title = :title WHERE id = :id;
## type-mismatch
-- name: notes_index :execrows
UPDATE notes SET words = to_tsvector('english', title) WHERE id = :id;
## undetermined-type
-- name: echo :one
SELECT :word::text AS word;
## unknown-annotation schema_annotations.yaml
types:
  tsvector: { rust_type: String }
## unknown-column
-- name: notes_titled :many
SELECT n.title FROM notes n;
## unknown-command
-- name: notes_ids :many
SELECT id FROM notes;
## unknown-function
-- name: notes_quiet :many
SELECT lower(title) AS title FROM notes;
## unknown-object
-- name: notes_numbers :many
SELECT id::integer AS id FROM notes;
## unknown-parameter
-- name: note_one :optional
SELECT title FROM notes WHERE id = $1;
## unknown-role xact.toml
[scopes.customer]
role = "customer"
## unknown-schema
-- name: notes_of_all :many
SELECT id FROM public.notes;
## unknown-setting-type xact.toml
[scopes.customer]
role = "customer"
settings = [{ name = "app.user_id", type = "people.id" }]
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
## unsupported-object migrations/2_language.up.sql
CREATE EXTENSION pgcrypto;
## unsupported-sqlc
-- name: notes_with_authors :many
SELECT n.id, n.title, p.email AS author_email FROM notes n JOIN people p ON p.id = n.author_id;
## unterminated
-- name: notes_greeting :many
SELECT id FROM notes WHERE title = 'it''s';
## unused-parameter
-- name: notes_of :many
SELECT id FROM notes WHERE id > $1 AND author_id = $2;
