-- name: row_of_a_table :many
SELECT p FROM people p;

-- name: through_with_and_left_join :many
WITH found AS (SELECT p AS person FROM people p) SELECT 1 AS one, f.person FROM shown LEFT JOIN found f ON true;

-- name: rows_in_an_array :many
SELECT s.id, ARRAY(SELECT p FROM people p WHERE p.id = s.id) AS people FROM shown s;

-- name: rows_of_groups :many
SELECT COALESCE(array_agg(p) FILTER (WHERE p.id > 1), '{}') AS people FROM people p;

-- name: row_of_a_view :many
SELECT s FROM shown s;

-- name: row_in_an_expression :many
SELECT to_jsonb(p) AS json, p IS NULL AS missing, count(p) OVER () AS count FROM people p;

-- name: row_of_a_type :many
SELECT ('x', 1)::place AS place, ROW(p.id, p."full name") AS pair FROM people p;

-- name: row_through_functions :many
SELECT the_same(p) AS same, NULLIF(p, p) AS none, array_append('{}', p) AS appended FROM people p;

-- name: row_in_a_row :many
SELECT ROW(p, p.id) AS pair, ARRAY(SELECT (q, q.id) FROM people q) AS pairs FROM people p;

-- name: row_of_an_array :many
SELECT (array_agg(p))[1] AS first, (array_agg(p))[1:2] AS two FROM people p;

-- name: row_in_from :many
SELECT u AS person, u.id FROM (SELECT array_agg(p) AS people FROM people p) all_people, unnest(all_people.people) u;

-- name: column_of_an_element :many
SELECT (p.people[1]).id FROM (SELECT array_agg(p) AS people FROM people p) p;
