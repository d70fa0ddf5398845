-- name: list_without_brackets :many
SELECT id FROM orders WHERE id IN :ids;

-- name: limit_and_offset :many
SELECT id FROM orders LIMIT 10, 20;

-- name: backticks :many
SELECT `id` FROM orders;

-- name: top :many
SELECT TOP 10 id FROM orders;

-- name: duplicate_key :exec
INSERT INTO customers (id, email) VALUES (:id, :email) ON DUPLICATE KEY UPDATE email = :email;

-- name: ifnull :many
SELECT ifnull(full_name, 'x') AS name FROM customers;

-- name: datediff :many
SELECT datediff('day', placed_at, now()) AS days FROM orders;

-- name: like_of_a_number :many
SELECT id FROM customers WHERE id LIKE '1%';

-- name: json_of_text :many
SELECT full_name->>'a' AS a FROM customers;

-- name: open_bracket :many
SELECT id FROM orders WHERE (id = 1;

-- name: no_from :many
SELECT id, email;

-- name: alias_in_where :many
SELECT total * 2 AS twice FROM orders WHERE twice > 1;

-- name: no_type_on_either_side :many
SELECT id FROM orders WHERE placed_at > :since - '1 day';

-- name: value_of_identity :exec
INSERT INTO counted VALUES (:id, :name);

-- name: right :many
SELECT id FROM orders WHERE id IN (:ids) ORDER BY id LIMIT 20 OFFSET 10;
