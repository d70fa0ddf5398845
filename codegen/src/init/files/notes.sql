-- Writes a note, and gives its id.
-- name: note_create :one
INSERT INTO notes (body) VALUES (:body) RETURNING id;

-- The newest notes first.
-- name: notes_list :many
SELECT id, body, created_at FROM notes ORDER BY id DESC LIMIT :limit;
