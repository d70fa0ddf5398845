-- name: notes_list :many
SELECT id, title AS id, body AS id2 FROM notes;

-- name: notes_pairs :many
SELECT a.title, b.title FROM notes AS a JOIN notes AS b ON b.id > a.id;

-- name: notes_check :exec
SELECT pg_notify('checked', title), pg_notify('checked', title), 1 + 1, 2 + 2 FROM notes;
