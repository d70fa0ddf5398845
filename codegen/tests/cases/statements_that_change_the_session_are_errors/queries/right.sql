-- name: work_table_of_the_transaction :exec
CREATE TEMP TABLE work (id bigint) ON COMMIT DROP;
-- name: timeout :exec
SET LOCAL statement_timeout = '1s';
-- name: read_only :exec
SET TRANSACTION READ ONLY;
-- name: later :exec
SET CONSTRAINTS ALL DEFERRED;
-- name: notify :exec
NOTIFY orders;
-- name: cursor_of_the_transaction :exec
DECLARE aside CURSOR FOR SELECT email FROM people;
