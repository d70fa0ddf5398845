-- name: two_columns_of_one_name :many
SELECT found.body FROM (SELECT pair.* FROM (SELECT n.id, n.body, t.id FROM notes n, tags t) AS pair) AS found;

-- name: an_alias_that_hides_both :many
SELECT DISTINCT j.body FROM (SELECT * FROM (notes n JOIN tags t ON t.note_id = n.id) AS j) AS j;

-- name: two_rows_of_unknown_length :many
SELECT count(*) FROM (SELECT (:a::place).*, (:b::place).*) AS places;

-- name: names_by_position :many
SELECT n.a, n.body FROM notes AS n (a);

-- name: names_by_position_of_a_join :many
SELECT j.a, j.e FROM (notes JOIN tags ON tags.note_id = notes.id) AS j (a, b, c, d, e);

-- name: names_of_a_view :many
SELECT s.a FROM shown AS s (a);
