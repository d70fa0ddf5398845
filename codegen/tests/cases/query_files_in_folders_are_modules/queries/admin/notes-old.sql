-- name: notes_old :many
SELECT title FROM notes;
