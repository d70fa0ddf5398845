-- name: becomes_an_alias :many
SELECT id
       email,
       full_name
FROM customers;

-- name: alias_with_as :many
SELECT id AS email, full_name FROM customers;

-- name: alias_of_its_own :many
SELECT id number, full_name FROM customers;

-- name: third_name :many
SELECT id, email full_name total FROM customers;

-- name: before_from :many
SELECT id, email, FROM customers;

-- name: before_where :execrows
UPDATE customers SET email = :email, WHERE id = :id;

-- name: before_bracket :exec
INSERT INTO customers (id, email,) VALUES (:id, :email);

-- name: between_values :exec
INSERT INTO customers (id, email) VALUES (:id :email);
