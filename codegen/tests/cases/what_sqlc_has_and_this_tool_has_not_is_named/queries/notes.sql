-- name: notes_list :many
SELECT sqlc.embed(notes) FROM notes;
-- name: b :many
SELECT id FROM notes WHERE id = sqlc.other(id);
-- name: c :execlastid
INSERT INTO notes (id) VALUES ($1);
