-- name: by_a_call :one
SELECT app.become(:who) AS who;
-- name: by_a_body_with_a_tree :one
SELECT atomic('x') AS x;
-- name: by_a_call_in_a_call :exec
SELECT outer_hold(:key);
-- name: by_execute :exec
SELECT listen();
-- name: by_a_trigger :exec
INSERT INTO triggered VALUES (1);
-- name: by_a_trigger_of_a_cascade :exec
DELETE FROM parents WHERE id = :id;
-- name: by_a_default :exec
INSERT INTO defaulted (id) VALUES (1);
-- name: by_a_check :exec
INSERT INTO checked (id) VALUES (1);
-- name: by_a_rule :exec
UPDATE ruled SET id = 2 WHERE id = 1;
-- name: by_a_policy :many
SELECT id FROM guarded;
-- name: by_a_view :many
SELECT id FROM seen;
-- name: by_a_domain :one
SELECT :number::odd AS number;
-- name: by_an_operator :one
SELECT 'a' === 1 AS same;
-- name: by_an_aggregate :one
SELECT total(1) AS total;
-- name: by_a_cast :one
SELECT 1::point AS pair;
-- name: by_a_body_that_writes :exec
SELECT inserts();
-- name: by_pg_settings :exec
UPDATE pg_settings SET setting = 'evil, public' WHERE name = 'search_path';
-- name: by_do :exec
DO $$ BEGIN PERFORM set_config('app.staff', 'yes', false); END $$;
-- name: by_do_and_a_call :exec
DO $$ BEGIN PERFORM app.become('x'); END $$;
-- name: by_a_procedure :exec
CALL settle();
-- name: by_explain :exec
EXPLAIN ANALYZE SELECT hold(1);
-- name: by_truncate :exec
TRUNCATE emptied;
