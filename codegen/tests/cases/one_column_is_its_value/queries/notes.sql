-- name: notes_list :many
SELECT title FROM notes;
-- name: notes_body :optional
SELECT body FROM notes WHERE id = :id;
-- name: notes_count :one
SELECT count(*) AS n FROM notes;
