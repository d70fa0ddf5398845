-- name: orders_between :many
SELECT id FROM orders WHERE placed_at > :since AND placed_at < :sinse;

-- name: orders_of :many
SELECT id FROM orders WHERE id = ANY (:customers) OR customer_id = :customer AND total BETWEEN :lower_total AND :upper_total;
