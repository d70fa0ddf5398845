-- One table twice, once behind an outer join, and a column between them.
-- name: books_with_people :many
SELECT sqlc.embed(books), now() AS read_at, sqlc.embed(author), sqlc.embed(reviewer)
FROM books
JOIN authors AS author ON author.id = books.author_id
LEFT JOIN authors AS reviewer ON reviewer.id = books.reviewer_id
ORDER BY books.id;

-- An outer join that a condition makes an inner one.
-- name: books_reviewed :many
SELECT books.title, sqlc.embed(r)
FROM books
LEFT JOIN authors AS r ON r.id = books.reviewer_id
WHERE r.born IS NOT NULL;

-- A row alone needs no struct around it.
-- name: author :optional
SELECT sqlc.embed(authors) FROM authors WHERE id = :id;

-- Views, and what a query makes itself, have structs of their own.
-- name: authors_with_counts :many
SELECT authors.name, sqlc.embed(book_counts), sqlc.embed(latest)
FROM authors
LEFT JOIN book_counts ON book_counts.author_id = authors.id
LEFT JOIN LATERAL (
    SELECT title, upper(title) AS loud FROM books WHERE author_id = authors.id ORDER BY id DESC LIMIT 1
) AS latest ON true;

-- The row of a view alone is the row of the query; a schema before the name says nothing more.
-- name: counts :many
SELECT sqlc.embed(public.book_counts) FROM public.book_counts;

-- A column under another name is no part of the row that has it too.
-- name: marks_and_ids :many
SELECT m.book_id AS id, m."Mark" AS mark, sqlc.embed(m) FROM "Shelf Marks" AS m;

-- The same columns written out before.
-- name: authors_twice :many
SELECT a.*, sqlc.embed(a) FROM authors AS a;

-- A name in quotes, one in capitals, and either row may be missing.
-- name: marks :many
SELECT sqlc.embed("Shelf Marks"), sqlc.embed(BOOKS)
FROM "Shelf Marks"
FULL JOIN books ON books.id = "Shelf Marks".book_id
ORDER BY books.id, "Shelf Marks".book_id;

-- name: book_create :exec
INSERT INTO books (id, title, author_id, reviewer_id) VALUES (:id, :title, :author_id, :reviewer_id?);

-- name: mark_create :exec
INSERT INTO "Shelf Marks" (book_id) VALUES (:book_id);

-- RETURNING embeds as SELECT does; what was written proves nothing of the table's rows.
-- name: author_create :one
INSERT INTO authors (id, name, born) VALUES (:id, :name, :born) RETURNING sqlc.embed(authors), born;

-- name: authors_create :batch
INSERT INTO authors (id, name) VALUES (:id, :name) RETURNING sqlc.embed(authors);
