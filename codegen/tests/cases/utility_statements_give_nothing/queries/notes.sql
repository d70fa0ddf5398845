-- name: notes_add :exec
CALL notes_add(:id, :title);

-- name: notes_clear :exec
TRUNCATE notes;

-- name: notes_lock :exec
LOCK TABLE notes IN EXCLUSIVE MODE;

-- name: titles_refresh :exec
REFRESH MATERIALIZED VIEW titles;

-- name: titles_list :many
SELECT title AS "title!" FROM titles;

-- name: notes_changed :exec
NOTIFY notes_changed, 'all';

-- name: wait_briefly :exec
SET LOCAL lock_timeout = '10s';
