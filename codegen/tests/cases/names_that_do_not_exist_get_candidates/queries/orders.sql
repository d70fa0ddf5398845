-- name: ambiguous :many
SELECT id, email, total FROM orders o JOIN customers c ON c.id = o.customer_id;

-- name: alias_of_no_table :many
SELECT o.id, c.email FROM orders o JOIN customers ON customers.id = o.customer_id;

-- name: table_not_joined :many
SELECT o.id, customers.email FROM orders o;

-- name: alias_hides_table :many
SELECT orders.id FROM orders o;

-- name: misspelt_alias :many
SELECT placd.id FROM orders placed;

-- name: keyword_for_table :many
SELECT id FROM order;

-- name: table :many
SELECT id FROM ordres;

-- name: column :many
SELECT o.totl FROM orders o;

-- name: column_of_one :many
SELECT emial FROM customers;

-- name: text_in_double_quotes :many
SELECT id FROM orders WHERE state = "open";

-- name: function :many
SELECT lowr(email) FROM customers;

-- name: arguments_of_function :many
SELECT date_trunc(placed_at, 'day') AS day FROM orders;

-- name: not_grouped :many
SELECT c.email, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id;

-- name: grouped_by_less :many
SELECT c.id, o.state, sum(o.total) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.id;

-- name: aggregate_in_where :many
SELECT customer_id FROM orders WHERE sum(total) > 10 GROUP BY customer_id;

-- name: ambiguous_beside_a_subquery :many
SELECT total FROM orders JOIN (SELECT 1 AS total) s ON true;

-- name: ambiguous_in_subqueries :many
SELECT x FROM (SELECT 1 AS x) a, (SELECT 2 AS x) b;
