-- name: {table}_get :optional
SELECT * FROM {table} WHERE id = :id;

-- name: {table}_list :many
SELECT t.id, t.name, p.name AS parent_name, t.created_at
FROM {table} t
LEFT JOIN {parent} p ON p.id = t.parent_id
WHERE t.active
ORDER BY t.id
LIMIT :limit;

-- name: {table}_count :one
SELECT count(*) AS rows FROM {table} WHERE name ILIKE :pattern;

-- name: {table}_create :one
INSERT INTO {table} (id, name, active) VALUES (:id, :name, :active) RETURNING *;

-- name: {table}_update :execrows
UPDATE {table} SET name = :name, note = :note WHERE id = :id;

-- name: {table}_delete :execrows
DELETE FROM {table} WHERE id = :id;

-- name: {table}_by_month :many
SELECT date_trunc('month', created_at) AS month, count(*) AS rows, sum(amount) AS total, max(created_at) AS last
FROM {table}
GROUP BY 1
ORDER BY 1;

-- name: {table}_named :many
WITH recent AS (SELECT id, name, note FROM {table} WHERE created_at > :since),
     noted AS (SELECT * FROM recent WHERE note IS NOT NULL)
SELECT n.id, n.note, COALESCE(n.name, 'x') AS name FROM noted n;

-- name: {table}_search :many
SELECT t.id, t.name FROM {table} t WHERE t.id = ANY (:ids) AND (t.name = :name? OR :name? IS NULL);

-- name: {table}_places :many
SELECT id, row_number() OVER (ORDER BY created_at) AS place, lag(name) OVER (ORDER BY created_at) AS previous
FROM {table};

