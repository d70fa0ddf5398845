-- name: bookmarks_clear :exec
DELETE FROM bookmarks;

-- name: bookmarks_untitle :execrows
UPDATE bookmarks SET title = NULL;

-- name: bookmarks_move :many
WITH gone AS (DELETE FROM bookmarks RETURNING id) SELECT id FROM gone;

-- xact: all rows
-- name: bookmarks_reset :exec
DELETE FROM bookmarks;

-- name: bookmarks_rewrite :exec
UPDATE bookmarks SET title = url -- xact: all rows
RETURNING id;
