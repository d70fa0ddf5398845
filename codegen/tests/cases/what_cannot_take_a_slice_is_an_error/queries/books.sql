-- name: no_parameters :batch
DELETE FROM books WHERE pages IS NULL;

-- name: a_merge :batch
MERGE INTO books b USING shelves s ON s.id = b.shelf_id AND s.name = :name WHEN MATCHED THEN DELETE;

-- name: a_select_without_parameters :batch
SELECT id FROM books;

-- name: two_rows :batch
INSERT INTO shelves (id, name) VALUES (:id, :name), ('shf_2', 'two');

-- name: a_default :batch
INSERT INTO books (id, shelf_id, slug, title) VALUES (DEFAULT, :shelf_id, :slug, :title);

-- name: without_where :batch
UPDATE books SET pages = :pages;

-- name: in_on_conflict :batch
INSERT INTO shelves (id, name) VALUES (:id, :name) ON CONFLICT (id) DO UPDATE SET name = :name;

-- name: in_with :batch
WITH found AS (SELECT id FROM books WHERE slug = :slug)
DELETE FROM books b USING found f WHERE b.id = f.id AND b.title = :title;

-- name: a_join_that_does_not_see_it :batch
UPDATE books b SET pages = 1
FROM shelves s, shelves t JOIN shelves u ON t.id = :id
WHERE s.id = b.shelf_id;

-- name: a_copy_with_conversion :copy
INSERT INTO books (shelf_id, slug, title) VALUES (:shelf_id, :slug, lower(:title));

-- name: a_copy_that_returns :copy
INSERT INTO shelves (id, name) VALUES (:id, :name) RETURNING id;

-- name: a_copy_into_a_view :copy
INSERT INTO shelf_names (name, id) VALUES (:name, :id);

-- name: a_copy_of_own_arrays :copy
INSERT INTO days (moods) VALUES (:moods);

-- name: an_outer_join_of_an_element :batch
DELETE FROM books b USING shelves s RIGHT JOIN shelves t ON s.id = :id WHERE t.id = b.shelf_id AND b.slug = :slug;

-- name: a_statement_for_the_whole_batch :batch
WITH gone AS (DELETE FROM books WHERE pages = 0 RETURNING shelf_id)
INSERT INTO shelves (id, name) SELECT shelf_id, :name FROM gone;

-- name: an_aggregate_of_the_whole_batch :batch
INSERT INTO days (moods) VALUES ((SELECT array_agg(:mood::mood) FROM shelves));

-- name: a_name_of_the_batch_itself :batch
UPDATE books AS xact_batch SET pages = :pages WHERE id = :id;
