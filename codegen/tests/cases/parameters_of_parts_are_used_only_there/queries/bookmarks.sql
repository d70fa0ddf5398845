-- name: also_outside :many
SELECT b.id
FROM bookmarks b
WHERE b.domain = :domain   -- if :domain
  AND b.title <> :domain;

-- name: either_may_be_missing :many
SELECT b.id
FROM bookmarks b
WHERE (b.domain = :domain OR b.title = :title)   -- if :domain or :title
;

-- name: a_flag_like_a_parameter :many
SELECT b.id
FROM bookmarks b
WHERE b.domain = :domain   -- if domain
;

-- name: a_flag_and_a_parameter :many
SELECT b.id
FROM bookmarks b
WHERE b.domain = :domain   -- if :domain
  AND b.id > 1             -- if domain
;

-- name: unknown :many
SELECT b.id
FROM bookmarks b
WHERE b.domain IS NOT NULL -- if :domain
;

-- name: numbered :many
SELECT b.id
FROM bookmarks b
WHERE b.domain = $1        -- if given
;
