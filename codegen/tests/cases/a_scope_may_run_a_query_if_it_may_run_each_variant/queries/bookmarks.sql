-- The reader may not see the folder, by which one of the orders sorts.
-- name: bookmarks_sorted :many
SELECT b.id, b.title
FROM bookmarks b
ORDER BY b.id              -- order id
-- order folder: b.folder, b.id
;

-- name: bookmarks_titled :many
SELECT b.id, b.title
FROM bookmarks b
WHERE b.title = :title     -- if :title
;
