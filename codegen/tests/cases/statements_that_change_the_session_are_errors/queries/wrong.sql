-- name: work_table :exec
CREATE TEMP TABLE work (id bigint);
-- name: work_table_that_loses_its_rows :exec
CREATE TEMPORARY TABLE work (id bigint) ON COMMIT DELETE ROWS;
-- name: work_table_by_its_schema :exec
CREATE TABLE IF NOT EXISTS pg_temp.work (id bigint);
-- name: work_view :exec
CREATE OR REPLACE TEMP VIEW people AS SELECT 1 AS id;
-- name: work_function :exec
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- name: explained :exec
EXPLAIN (ANALYZE, COSTS off) CREATE TEMP TABLE work AS SELECT 1 AS id;
-- name: copy_aside :exec
SELECT email INTO TEMP aside FROM people;
-- name: copy_aside_by_with :exec
WITH e AS (SELECT email FROM people) SELECT email INTO TEMPORARY TABLE aside FROM e;
-- name: cursor_aside :exec
DECLARE aside CURSOR WITH HOLD FOR SELECT email FROM people;
-- name: set_setting :exec
SET app.user_id = 'x';
-- name: set_session_setting :exec
SET SESSION statement_timeout = 0;
-- name: set_role :exec
SET ROLE postgres;
-- name: set_authorization :exec
SET SESSION AUTHORIZATION postgres;
-- name: set_characteristics :exec
SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
-- name: set_time_zone :exec
SET TIME ZONE 'UTC';
-- name: reset_role :exec
RESET ROLE;
-- name: reset_setting :exec
RESET search_path;
-- name: listen :exec
LISTEN orders;
-- name: unlisten :exec
UNLISTEN *;
-- name: prepare :exec
PREPARE p AS SELECT 1;
-- name: execute_prepared :exec
EXECUTE p;
-- name: deallocate :exec
DEALLOCATE ALL;
-- name: discard :exec
DISCARD PLANS;
-- name: load_library :exec
LOAD 'auto_explain';
