-- name: notes_create :exec
INSERT INTO notes (id, title) VALUES (:id, :title);

-- name: notes_rename :exec
UPDATE notes SET title = :title WHERE id = :id;
