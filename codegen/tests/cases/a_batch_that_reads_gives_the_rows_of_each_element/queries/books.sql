-- name: BooksByYear :batchmany
SELECT * FROM books WHERE year = $1 ORDER BY title DESC;

-- name: books_of_author :batch
SELECT b.title, a.name FROM books b LEFT JOIN authors a ON a.id = b.author_id AND a.name = :name WHERE b.year > :year ORDER BY b.id LIMIT :most;

-- name: book_titles :batchone
SELECT title FROM books WHERE id = $1;

-- name: books_counted :batch
SELECT count(*) FROM books WHERE year = :year;

-- name: books_tagged :batch
WITH found AS (SELECT id, title FROM books WHERE tags && :tags) SELECT id, title FROM found ORDER BY id;
