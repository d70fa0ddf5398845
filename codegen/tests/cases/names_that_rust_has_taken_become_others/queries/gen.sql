-- name: in_gen :many
SELECT id FROM runs;
