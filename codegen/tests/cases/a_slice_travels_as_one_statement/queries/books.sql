-- Adds shelves; those that are there get a new name.
-- name: shelves_put :batch
INSERT INTO shelves (id, name) VALUES (:id, :name)
ON CONFLICT (id) DO UPDATE SET name = excluded.name;

-- Adds books, and gives their ids.
-- name: books_add :batchmany
INSERT INTO books (shelf_id, slug, title, code, flags, mood, pages, read_during, about)
VALUES (:shelf_id, :slug, :title, :code, :flags, :mood, :pages, :read_during, :about)
RETURNING id, slug;

-- name: books_copy_to :batch
INSERT INTO books (shelf_id, slug, title)
SELECT :shelf_id, :slug, b.title
FROM books b
WHERE b.id = :id
ORDER BY b.title
LIMIT 1
ON CONFLICT DO NOTHING
RETURNING *;

-- name: books_set_pages :batchexec
UPDATE books SET pages = :pages, mood = COALESCE(:mood, mood) WHERE id = :id;

-- name: books_move :batch
UPDATE ONLY books AS b
SET shelf_id = s.id
FROM shelves s
WHERE s.name = :shelf_name AND b.slug = :slug AND b.shelf_id IS DISTINCT FROM s.id
RETURNING b.id, s.name, :slug AS moved;

-- name: books_touch :batch
UPDATE public.books SET mood = CASE WHEN pages IS DISTINCT FROM :pages THEN mood END, title = title || :suffix WHERE id = :id RETURNING *;

-- name: books_remove :batch
DELETE FROM books WHERE slug = :slug AND pages = $$1$$::int + :pages RETURNING id;

-- name: books_remove_from :batch
DELETE FROM books b USING shelves s WHERE s.id = b.shelf_id AND s.name = :shelf_name AND b.slug = :slug;

-- name: books_set_tags :batch
UPDATE books SET tags = :tags WHERE id = ANY(:ids) AND mood <> ALL(:moods) RETURNING slug, tags;

-- Loads books.
-- name: books_load :copy
INSERT INTO books (shelf_id, slug, title, code, flags, mood, pages, read_during, about, raw, tags)
VALUES (:shelf_id, :slug, :title, :code, :flags, :mood, :pages, :read_during, :about, :raw, :tags);

-- name: shelves_load :copyfrom
INSERT INTO public.shelves (name, id) VALUES ($1, $2);
