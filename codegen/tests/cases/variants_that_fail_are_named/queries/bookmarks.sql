-- name: without_the_join :many
SELECT b.id, j.filename
FROM bookmarks b
JOIN jobs j ON j.id = b.job_id    -- if imported
WHERE b.id > 1;

-- name: without_the_column :many
SELECT b.id
  , b.title                       -- if titles
FROM bookmarks b;

-- name: of_two_types :many
SELECT coalesce(
    b.id::int
    , 1.5                         -- if exact
  ) AS number
FROM bookmarks b;

-- name: without_a_limit_of_rows :one
SELECT b.id, b.title
FROM bookmarks b
WHERE b.id = :id                  -- if :id
;

-- name: everything_may_go :execrows
DELETE FROM bookmarks b
WHERE b.id = :id                  -- if :id
;

-- name: a_session_is_changed :exec
UPDATE bookmarks
SET title = set_config('app.title', :title, false)    -- if :title
  , folder = :folder                                  -- if :folder
WHERE id = :id;
