-- The notes of an author, newest first.
-- name: notes_of :page
SELECT id, title FROM notes
WHERE author_id = :author_id
ORDER BY id DESC
LIMIT :limit;

-- name: notes_by_title :page
SELECT n.id, n.title, a.name AS author
FROM notes n
LEFT JOIN authors a ON a.id = n.author_id
ORDER BY lower(n.title), n.id;

-- name: notes_by_score :page
SELECT id, score FROM notes WHERE title = :title ORDER BY score DESC NULLS LAST, mood, code DESC, id LIMIT :size;

-- name: authors_with_notes :page
WITH wanted AS (SELECT id, name FROM authors WHERE name LIKE :pattern)
SELECT w.name, w.id, count(n.id) AS notes
FROM wanted w
JOIN notes n ON n.author_id = w.id AND n.title <> :title
GROUP BY w.id, w.name
ORDER BY notes DESC, w.id, 1
LIMIT :size;

-- name: pairs :page
SELECT sqlc.embed(notes), sqlc.embed(authors)
FROM notes JOIN authors ON authors.id = notes.author_id
ORDER BY notes.title DESC, notes.id DESC;

-- name: titles :page
SELECT DISTINCT title FROM notes ORDER BY title;

-- name: words :page
SELECT title FROM notes WHERE id IN (:ids) ORDER BY mood, id LIMIT :size;

-- Rows that an outer join does not find are in the order too.
-- name: authors_and_notes :page
SELECT a.id, a.name, n.id AS note_id FROM authors a LEFT JOIN notes n ON n.author_id = a.id ORDER BY a.id, n.id;
