-- name: notes_all :many
SELECT id, body, mood FROM notes;

-- name: notes_put :batch
INSERT INTO notes (body) VALUES (:body) RETURNING id;
