-- name: users_list :many
SELECT * FROM users ORDER BY id;

-- Two queries give their rows one name.
-- name: user_cards :many
-- row: UserCard
SELECT id, full_name FROM users ORDER BY id;

-- name: users_with_orders :many
-- derive: Hash
-- attribute: serde(deny_unknown_fields)
SELECT id, full_name,
       ARRAY(SELECT sqlc.embed(s) FROM (SELECT o.paid_at FROM orders o WHERE o.user_id = users.id) s) AS orders
FROM users ORDER BY id;

-- A secret hides the tuple that it is in.
-- name: users_secrets :many
SELECT id, ROW(full_name, hashed_password) AS pair FROM users ORDER BY id;

-- name: user_create :exec
INSERT INTO users (id, created_at, born, full_name, hashed_password, role)
VALUES (:id, :created_at, :born?, :full_name, :hashed_password?, :role);

-- The parameters of parts are as secret as others.
-- name: users_change :execrows
UPDATE users
SET hashed_password = :hashed_password    -- if :hashed_password
    , full_name = :full_name              -- if :full_name
WHERE id = :id;
