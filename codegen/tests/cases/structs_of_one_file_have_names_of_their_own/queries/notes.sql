-- name: notes :many
SELECT notes.id, sqlc.embed(params)
FROM notes JOIN (SELECT id AS of, upper(title) AS loud FROM notes) AS params ON params.of = notes.id;
-- name: notes_row :batch
INSERT INTO notes (id, title) VALUES (:id, :title);
