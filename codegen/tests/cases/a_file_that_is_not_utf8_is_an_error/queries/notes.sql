-- name: a :many
SELECT 'grьяe' AS x;
