-- name: notes_clear :exec
TRUNCATE nots;

-- name: notes_vacuum :exec
VACUUM notes;
