-- name: a :exec
COMMIT;
-- name: b :exec
SET search_path = x;
-- name: c :exec
LISTEN x;
-- name: d :exec
COPY notes TO STDOUT;
-- name: allowed :exec
SET LOCAL lock_timeout = '1s';
