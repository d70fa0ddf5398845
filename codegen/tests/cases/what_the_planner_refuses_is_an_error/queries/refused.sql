-- name: no_key :exec
INSERT INTO people (id, email) VALUES (:id, :email) ON CONFLICT (email) DO NOTHING;

-- name: partial_key_without_its_condition :exec
INSERT INTO people (id, email) VALUES (:id, :email) ON CONFLICT (lower(email)) DO NOTHING;

-- name: no_key_in_a_batch :batch
INSERT INTO people (id, email) VALUES (:id, :email)
ON CONFLICT (email) DO UPDATE SET email = excluded.email;

-- name: lock_notes :many
SELECT n.id, p.email FROM notes n LEFT JOIN people p ON p.id = n.author_id FOR UPDATE;

-- name: compare_all :many
SELECT n.id, p.id AS person FROM notes n FULL JOIN people p ON p.id < n.author_id;

-- name: divide :many
SELECT id / 0 AS nothing, 1 / 0 AS always FROM notes;

-- name: not_good :many
SELECT id FROM notes WHERE body = checked('bad');

-- name: into_an_identity :exec
INSERT INTO pages (slug, number) VALUES (:slug, :number);

-- name: into_a_generated_column :exec
UPDATE pages SET size = :size WHERE slug = :slug;

-- name: into_a_view_of_groups :exec
INSERT INTO totals (team) VALUES (:team);

-- name: lock_groups :many
SELECT team, count(*) AS people FROM people GROUP BY team FOR UPDATE;
