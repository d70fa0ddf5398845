-- name: ids :many
SELECT id FROM a;
