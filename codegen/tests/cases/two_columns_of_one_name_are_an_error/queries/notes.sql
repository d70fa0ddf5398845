-- name: notes_add :batch
INSERT INTO notes (id, title) VALUES (:id, :title) RETURNING id, title AS id;
