-- name: by_title :page
SELECT id, title FROM notes ORDER BY title DESC LIMIT :size;

-- name: by_an_alias :page
SELECT n.id, n.title FROM notes AS n ORDER BY n.title, n.author_id;

-- name: one_author_has_many_notes :page
SELECT a.id, n.title FROM authors a JOIN notes n ON n.author_id = a.id ORDER BY a.id;

-- name: a_key_that_can_be_null :page
SELECT id, email FROM authors ORDER BY email;

-- name: a_key_in_another_collation :page
SELECT id, slug FROM notes ORDER BY slug COLLATE ignoring_case;

-- name: an_outer_join_without_key :page
SELECT n.title, a.id FROM notes n LEFT JOIN authors a ON a.id = n.author_id ORDER BY a.id;

-- name: one_of_two_groups :page
SELECT author_id, title, count(*) AS notes FROM notes GROUP BY author_id, title ORDER BY author_id;

-- name: a_union :page
SELECT id FROM notes UNION ALL SELECT id FROM authors ORDER BY id;

-- name: at_random :page
SELECT id, title FROM notes ORDER BY random(), id;

-- name: an_anonymous_row :page
SELECT id, title FROM notes ORDER BY (a, b), id;

-- name: too_many_nulls :page
SELECT id, title FROM notes ORDER BY a, b, c, d, id;

-- name: the_same_twice :page
SELECT id, title FROM notes ORDER BY id, title, id;

-- name: two_of_one_name :page
SELECT n.id, a.id, n.title FROM notes n JOIN authors a ON a.id = n.author_id ORDER BY 1;
