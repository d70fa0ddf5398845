-- name: set_for_the_transaction :one
SELECT set_config('app.user', :user, true);

-- name: set_for_the_session :one
SELECT set_config('app.user', :user, false);

-- name: set_for_either :one
SELECT set_config('app.user', :user, :local);

-- name: lock :exec
SELECT pg_advisory_lock(1), pg_catalog.pg_try_advisory_lock_shared(2);

-- name: lock_for_the_transaction :exec
SELECT pg_advisory_xact_lock(1);

-- name: unlock :exec
SELECT pg_advisory_unlock(1);
