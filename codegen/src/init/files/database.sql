-- The database that the connection is made to.
-- name: database_name :one
SELECT current_database()::text AS name;
