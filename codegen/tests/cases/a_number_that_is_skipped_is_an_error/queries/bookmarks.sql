-- name: bookmarks_get :optional
SELECT url FROM bookmarks WHERE id = $2;

-- name: bookmarks_find :many
SELECT url FROM bookmarks WHERE title = $3 AND url = $1;
