-- name: order_users :many
-- row: UserCard
-- derive: PartialOrd
SELECT u.id, u.full_name FROM orders o JOIN users u ON u.id = o.user_id ORDER BY o.id;

-- name: orders_list :many
SELECT * FROM orders ORDER BY id;

-- name: order_create :exec
INSERT INTO orders VALUES (:id, :user_id, :total, :paid_at?, :price?);

-- A name of its own for the rows inside of rows as well.
-- name: totals :many
-- row: Total
SELECT u.full_name, ARRAY(SELECT sqlc.embed(s) FROM (SELECT o.total FROM orders o WHERE o.user_id = u.id) s) AS lines
FROM users u ORDER BY u.id;
