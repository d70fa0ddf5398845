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

-- name: at_random_below :page
SELECT s.id FROM (SELECT id, random() AS place FROM notes) s ORDER BY s.place, s.id;

-- name: by_the_clock :page
SELECT id FROM notes ORDER BY now() - '2020-01-01', id;

-- name: by_another_clock :page
WITH aged AS (SELECT id, age(current_date) AS since FROM notes) SELECT id FROM aged ORDER BY since, id;

-- name: a_full_join :page
SELECT n.id, a.id AS author FROM notes n FULL JOIN authors a ON a.id = n.author_id ORDER BY n.id, a.id;

-- name: a_key_that_can_be_null_below_a_join :page
SELECT a.id, s.note FROM authors a LEFT JOIN (SELECT author_id, nullif(id, 1) AS note FROM notes) s ON s.author_id = a.id
ORDER BY a.id, s.note;
