-- name: an_insert :page
INSERT INTO notes (id, title) VALUES (:id, :title) RETURNING id, title;

-- name: no_order :page
SELECT id, title FROM notes;

-- name: an_order_in_brackets :page
(SELECT id, title FROM notes ORDER BY id);

-- name: an_offset :page
SELECT id, title FROM notes ORDER BY id LIMIT :size OFFSET :skipped;

-- name: a_number :page
SELECT id, title FROM notes ORDER BY id LIMIT 50;

-- name: a_fetch :page
SELECT id, title FROM notes ORDER BY id FETCH FIRST 5 ROWS ONLY;

-- name: a_size_used_twice :page
SELECT id, title FROM notes WHERE id > :size ORDER BY id LIMIT :size;

-- name: a_lock :page
SELECT id, title FROM notes ORDER BY id LIMIT :size FOR UPDATE;

-- name: distinct_on :page
SELECT DISTINCT ON (title) id, title FROM notes ORDER BY title, id;

-- name: a_write_in_with :page
WITH gone AS (DELETE FROM notes RETURNING id, title) SELECT id, title FROM gone ORDER BY id;

-- name: a_name_of_its_own :page
SELECT id, title, xact_page FROM notes ORDER BY id;

-- name: an_operator :page
SELECT id, title FROM notes ORDER BY id USING >;
