-- A note by its primary key.
-- name: notes_get :one
SELECT id, created_at, title, body FROM notes WHERE id = :id;

-- A new row.
-- name: loads_insert :exec
INSERT INTO loads (id, created_at, title, body) VALUES (:id, :created_at, :title, :body?);

-- A changed row.
-- name: notes_rename :exec
UPDATE notes SET title = :title WHERE id = :id;

-- A document, which only its organization sees.
-- name: documents_get :one
SELECT id, created_at, title, body FROM documents WHERE id = :id;

-- The first notes.
-- name: notes_list :many
SELECT id, created_at, title, body FROM notes ORDER BY id LIMIT :limit;

-- The first rows of twenty columns.
-- name: wide_list :many
SELECT id, created_at, updated_at, title, subtitle, author, publisher, language, url, abstract, pages, edition, year,
       sales, stock, price, discount, available, digital, rank
FROM wide ORDER BY id LIMIT :limit;

-- Every event.
-- name: events_stream :stream
SELECT id, created_at, title, body FROM events;

-- The authors, each with the books.
-- name: authors_with_books :many
SELECT a.id, a.name, ARRAY(SELECT sqlc.embed(b) FROM books b WHERE b.author_id = a.id ORDER BY b.id) AS books
FROM authors a ORDER BY a.id;

-- New rows.
-- name: loads_batch :batch
INSERT INTO loads (id, created_at, title, body) VALUES (:id, :created_at, :title, :body?);

-- New rows, by COPY.
-- name: loads_copy :copy
INSERT INTO loads (id, created_at, title, body) VALUES (:id, :created_at, :title, :body?);
