-- name: ids :many
SELECT id AS "id: Vec<" FROM a;
-- name: of_another_module :many
SELECT id AS "id: Status", id AS "seen: chrono::DateTime<Utc>", id AS "other: Vec<Unknown>" FROM a;
