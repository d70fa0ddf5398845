-- name: person_add :one
INSERT INTO people VALUES (:id, :name, :email, :password_hash) RETURNING *;

-- name: person :one
SELECT * FROM people WHERE id = :id;

-- name: people_add :batch
INSERT INTO people (id, name, email) VALUES (:id, :name, :email) RETURNING *;

-- name: people_load :copy
INSERT INTO people VALUES (:id, :name, :email, :password_hash);

-- name: people_rename :batch
UPDATE people p SET name = :name FROM people old WHERE old.id = p.id AND p.id = :id RETURNING p.*, old.name AS before;

-- name: people_with_length :many
SELECT sqlc.embed(p), length(p.name) AS length
FROM (SELECT * FROM people UNION ALL TABLE people) AS p
WHERE (p.id, 1) IN (SELECT id, count(*) FROM people GROUP BY id);

-- name: person_as_row :optional
WITH found AS (SELECT p.* FROM people p WHERE p.id = :id) SELECT ROW(f.*) AS row FROM found f;
