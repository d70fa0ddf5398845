-- name: notes_list :many
SELECT id, title FROM notes WHERE body = :body? OR title = :title;
-- name: notes_create :exec
INSERT INTO notes (id, title, body) VALUES (:id, :title, :body);
