-- name: GetWriter :one
SELECT * FROM writers
WHERE id = $1 LIMIT 1;

-- name: ListWriters :many
SELECT * FROM writers
ORDER BY name;

-- name: CreateWriter :one
INSERT INTO writers (
  name, bio
) VALUES (
  $1, $2
)
RETURNING *;

-- name: UpdateWriter :exec
UPDATE writers
  set name = $2,
  bio = $3
WHERE id = $1;

-- name: DeleteWriter :exec
DELETE FROM writers
WHERE id = $1;
