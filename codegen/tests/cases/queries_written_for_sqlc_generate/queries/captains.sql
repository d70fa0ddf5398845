-- name: CountCaptains :one
SELECT COUNT(*) FROM captains;

-- name: ListCaptains :many
SELECT * FROM captains LIMIT 5;

-- name: DeleteCaptain :exec
DELETE FROM captains WHERE id = $1;
