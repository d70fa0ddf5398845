-- name: ids :many
SELECT id AS "id: Vec<" FROM a;
