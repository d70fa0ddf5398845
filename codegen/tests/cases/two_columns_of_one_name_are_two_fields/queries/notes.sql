-- name: notes_list :many
SELECT id, title AS id, id_2 FROM (SELECT id, title, body AS id_2 FROM notes) AS n;

-- name: notes_pairs :many
SELECT a.title, b.title FROM notes AS a JOIN notes AS b ON b.id > a.id;

-- name: notes_check :exec
SELECT pg_notify('checked', title), pg_notify('checked', title), 1 + 1, 2 + 2 FROM notes;
