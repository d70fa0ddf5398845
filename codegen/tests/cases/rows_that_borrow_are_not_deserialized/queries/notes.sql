-- name: notes_titles :stream
-- xact: borrowed rows
SELECT id, title FROM notes ORDER BY id;

-- name: notes_bodies :stream
SELECT id, body FROM notes ORDER BY id;
