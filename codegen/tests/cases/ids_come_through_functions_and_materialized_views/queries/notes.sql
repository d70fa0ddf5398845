-- Of the last refresh: a constraint says nothing of those rows, and the enum table may have lost a label.
-- name: recent_all :many
SELECT id, title, kind FROM recent;

-- name: recent_find :optional
SELECT title FROM recent WHERE id = :id LIMIT 1;

-- name: newest :one
SELECT newest_note() AS id, same_number(7) AS number, earlier(3) AS earlier;

-- name: ids :many
SELECT n.id, notes.title FROM note_ids() AS n (id) JOIN notes ON notes.id = n.id;

-- name: of_kind :many
SELECT id, title FROM notes_of(:kind);

-- name: in_with :many
WITH wanted AS (SELECT :id::bigint AS id) SELECT notes.id, title FROM notes JOIN wanted ON wanted.id = notes.id;

-- name: among_pairs :many
SELECT id FROM notes WHERE (id, title) IN (:pairs);

-- name: among_rows :many
SELECT n.title FROM notes n WHERE n.id IN (SELECT unnest(:ids::bigint[]));
