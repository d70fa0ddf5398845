-- name: become :one
SELECT become(:who) AS who;
-- name: hold :exec
SELECT app.hold(:key);
