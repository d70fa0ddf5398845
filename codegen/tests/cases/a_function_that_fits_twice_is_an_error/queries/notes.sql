-- name: notes_list :many
SELECT twice(NULL) AS x;
