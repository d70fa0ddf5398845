-- name: ids_by_view :many
SELECT id, author_id FROM newest;

-- name: ids_by_subquery :many
SELECT id, author_id FROM (SELECT author_id, max(id) AS id FROM notes GROUP BY author_id) AS newest;

-- name: ids_by_with :many
WITH newest AS (SELECT author_id, max(id) AS id FROM notes GROUP BY author_id) SELECT id, author_id FROM newest;

-- A recursion that swaps its columns has values of both keys in each.
-- name: ids_by_recursion :many
WITH RECURSIVE kept (note_id, author_id) AS (
    SELECT id, author_id FROM notes
    UNION ALL
    SELECT note_id, author_id FROM kept WHERE note_id < 0
), swapped (first_id, second_id) AS (
    SELECT id, author_id FROM notes
    UNION ALL
    SELECT second_id, first_id FROM swapped WHERE first_id < 0
)
SELECT kept.note_id, kept.author_id, swapped.first_id, swapped.second_id FROM kept, swapped;

-- name: ids_side_by_side :many
SELECT t.note_id, t.author_id FROM ROWS FROM (unnest(ARRAY(SELECT id FROM notes)), unnest(ARRAY(SELECT id FROM people))) AS t (note_id, author_id);

-- name: add_by_subquery :exec
INSERT INTO notes (author_id, body) SELECT x.a, x.b FROM (SELECT :author::bigint AS a, :body::text AS b) AS x;

-- name: add_by_with :exec
WITH x AS (SELECT :author::bigint AS a, :body::text AS b) INSERT INTO notes (author_id, body) SELECT x.a, x.b FROM x;

-- name: add_by_scalar :exec
INSERT INTO notes (author_id, body) VALUES ((SELECT :author::bigint), :body);

-- name: elements_by_subquery :many
SELECT list FROM (SELECT ARRAY['a', 'b'] AS list) AS s;

-- name: elements_by_values :many
SELECT list FROM (VALUES (ARRAY['a', 'b'])) AS s (list);

-- name: records_by_subquery :many
SELECT s.pairs FROM (SELECT ARRAY[ROW(1, 'a'::text)] AS pairs) AS s;

-- name: records_by_values :many
SELECT s.pairs FROM (VALUES (ARRAY[ROW(1, 'a'::text)]), ('{}')) AS s (pairs);

-- name: records_by_case :many
SELECT CASE WHEN n.id > 1 THEN ROW(n.id, n.body) END AS pair FROM notes n;

-- name: rows_of_a_subquery :many
SELECT s AS pair, ARRAY(SELECT t FROM (SELECT id, body FROM notes) AS t) AS pairs
FROM (SELECT id, NULLIF(name, '') AS name FROM people) AS s;
