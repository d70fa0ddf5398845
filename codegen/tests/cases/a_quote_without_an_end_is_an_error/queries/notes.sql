-- name: notes_list :many
SELECT 'abc FROM notes;
