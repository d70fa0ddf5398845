-- name: set_local_role :exec
SET LOCAL ROLE postgres;
-- name: set_local_role_as_a_setting :exec
SET LOCAL role = 'postgres';
-- name: set_local_authorization :exec
SET LOCAL SESSION AUTHORIZATION postgres;
-- name: set_local_search_path :exec
SET LOCAL search_path = evil, public;
-- name: set_local_row_security :exec
SET LOCAL row_security = off;
-- name: set_local_tenant :exec
SET LOCAL app.tenant = 'other';
-- name: set_config_role :one
SELECT set_config('role', :role, true) AS role;
-- name: set_config_tenant :one
SELECT set_config('app.tenant', :tenant, true) AS tenant;
-- name: set_config_any :one
SELECT set_config(:name, :value, true) AS value;
-- name: set_config_in_xml :one
SELECT xmlelement(name x, set_config('row_security', 'off', true))::text AS x;
-- name: by_a_function :exec
SELECT become(:who);
-- name: by_a_role_in_a_function :exec
SELECT as_staff();
-- name: by_any_setting :exec
SELECT any_setting('a.b', 'c');
-- name: right :exec
SELECT set_config('app.note', 'x', true), harmless();
