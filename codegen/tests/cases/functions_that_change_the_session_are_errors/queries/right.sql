-- name: dynamic :exec
SELECT dynamic(:sql);
-- name: parents_insert :exec
INSERT INTO parents VALUES (1);
-- name: triggered_delete :exec
DELETE FROM triggered WHERE id = 1;
-- name: children_insert :exec
INSERT INTO children VALUES (1, 1);
-- name: do_nothing :exec
DO $$ BEGIN PERFORM pg_advisory_xact_lock(1); END $$;
