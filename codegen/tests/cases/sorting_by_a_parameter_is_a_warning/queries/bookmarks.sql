-- name: bookmarks_list :many
SELECT id FROM bookmarks WHERE title = :column ORDER BY :column, id;

-- name: bookmarks_sorted :many
SELECT id FROM bookmarks ORDER BY CASE :column WHEN 'url' THEN url ELSE title END;
