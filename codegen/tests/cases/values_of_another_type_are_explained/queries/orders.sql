-- name: number_for_time :many
SELECT id FROM orders WHERE placed_at > 5;

-- name: text_for_number :many
SELECT o.id FROM orders o JOIN customers c ON o.customer_id = c.email;

-- name: label :many
SELECT id FROM orders WHERE state = 'payed';

-- name: label_by_one_letter :many
SELECT id FROM orders WHERE state = 'shiped';

-- name: text_in_insert :exec
INSERT INTO orders (id, customer_id, total) VALUES (1, 'abc', 1);

-- name: two_equal_signs :many
SELECT id FROM orders WHERE id == :id;

-- name: and_of_c :many
SELECT id FROM orders WHERE (id = :id) && (total > 1);

-- name: text_added :many
SELECT email + full_name AS both_names FROM customers;

-- name: assigned :execrows
UPDATE orders SET total = email FROM customers WHERE customers.id = customer_id;

-- name: pairs :many
SELECT person_id FROM likes WHERE (note_id, person_id) = ANY (:pairs);

-- name: pairs_as_arrays :many
SELECT person_id FROM likes WHERE (note_id, person_id) IN (SELECT note_id, person_id FROM unnest(:note_ids::bigint[], :person_ids::bigint[]) AS pair (note_id, person_id));

-- name: multirange :many
SELECT id, free FROM rooms;

-- name: multirange_in_star :many
SELECT * FROM rooms;

-- name: ranges :many
SELECT id, ARRAY(SELECT unnest(free)) AS free FROM rooms;

-- name: no_type :many
SELECT :x IS NULL AS missing;

-- name: pairs_left_out :many
SELECT person_id FROM likes WHERE (note_id, person_id) <> ALL (:pairs);

-- name: numbered_pairs :many
SELECT person_id FROM likes WHERE (note_id, person_id) = SOME ($1);

-- name: pairs_as_list :many
SELECT person_id FROM likes WHERE (note_id, person_id) IN (:pairs);

-- name: pairs_of_each :batch
UPDATE likes SET person_id = :person_id WHERE (note_id, person_id) = ANY (:pairs);

-- name: pairs_of_each_as_arrays :batch
UPDATE likes SET person_id = :person_id WHERE (note_id, person_id) IN (SELECT note_id, person_id FROM unnest(:note_ids::bigint[], :person_ids::bigint[]) AS pair (note_id, person_id));

-- name: pairs_of_each_as_stars :batch
DELETE FROM likes WHERE (note_id, person_id) IN (SELECT * FROM unnest(:note_ids::bigint[], :person_ids::bigint[]));

-- name: a_type_before_a_parameter :many
SELECT now() - interval :age AS since;

-- name: a_long_type_before_a_parameter :many
SELECT timestamp with time zone :at AS at, id FROM notes;

-- name: a_field_that_is_a_parameter :many
SELECT extract(:field FROM now()) AS part;
