-- name: bookmarks_archive :exec
SELECT id, title INTO archive FROM bookmarks;

-- name: bookmarks_list :many
SELECT id, title FROM bookmarks;
