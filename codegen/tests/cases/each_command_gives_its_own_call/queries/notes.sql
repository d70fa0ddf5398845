-- name: one :one
SELECT id, title FROM notes LIMIT 1;
-- name: optional :optional
SELECT id, title FROM notes WHERE id = :id;
-- name: many :many
SELECT id, title FROM notes;
-- name: execute :exec
DELETE FROM notes WHERE true;
-- name: execute_rows :execrows
DELETE FROM notes WHERE true;
-- name: stream :stream
SELECT id, title FROM notes;
