-- name: question_mark :many
SELECT id FROM orders WHERE customer_id = ?;

-- name: question_mark_behind_the_operator :many
SELECT id FROM orders WHERE customer_id=? AND total > 1;

-- name: limit_question_mark :many
SELECT id FROM orders LIMIT ?;

-- name: percent :many
SELECT id FROM orders WHERE customer_id = %s;

-- name: percent_with_name :many
SELECT id FROM orders WHERE customer_id = %(customer_id)s;

-- name: braces :many
SELECT id FROM orders WHERE customer_id = {customer_id};

-- name: two_braces :many
SELECT id FROM orders WHERE customer_id = {{ customer_id }};

-- name: blank_behind_the_colon :many
SELECT id FROM orders WHERE customer_id = : customer_id;

-- name: in_quotes_behind_the_colon :many
SELECT id FROM orders WHERE customer_id = :'customer_id';

-- name: dollar :many
SELECT id FROM orders WHERE customer_id = $customer_id;

-- name: at_sign :many
SELECT id FROM orders WHERE customer_id=@customer_id;

-- name: in_quotes :many
SELECT id FROM orders WHERE placed_at > now() - INTERVAL ':days days';

-- name: number_in_quotes :many
SELECT id FROM orders WHERE customer_id = ':customer_id';

-- name: pattern_in_quotes :many
SELECT id FROM customers WHERE email LIKE '%:term%';

-- name: operators_of_json :many
SELECT '{"a":true}'::jsonb ? 'a' AS has_a, '10:30'::time AS half_past, to_char(now(), 'HH24:MI') AS now;
