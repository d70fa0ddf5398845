-- The bookmarks of an owner, of those that match.
-- name: bookmarks_search :many
SELECT b.id, b.title, b.domain, b.folder
FROM bookmarks b
JOIN jobs j ON j.id = b.job_id                              -- if :filename or :status
WHERE b.owner_id = :owner_id
  -- Only bookmarks of this host.
  AND b.domain = :domain                                    -- if :domain
  AND b.title ILIKE :pattern                                -- if :pattern
  AND b.job_id IS NOT NULL                                  -- if imported
  AND j.filename = :filename                                -- if :filename
  AND j.status = :status                                    -- if :status
  -- if the title is empty, it is found too: this comment is prose
ORDER BY b.id DESC                                          -- order newest
-- order title: b.title, b.id
-- order domain: b.domain, b.id DESC
LIMIT :limit;

-- WHERE and the brackets are left out with the last condition in them.
-- name: bookmarks_any :stream
SELECT b.id, b.folder
FROM bookmarks b
WHERE (
    b.title = :title        -- if :title
    OR b.domain = :domain   -- if :domain
  )
  AND b.created_at BETWEEN :since AND :until  -- if :since and :until
LIMIT 10;

-- A part of several lines, with a part in it, and lists that begin with the comma.
-- name: bookmarks_counts :many
WITH own AS (
    SELECT b.domain, b.folder
    FROM bookmarks b
    WHERE b.owner_id = :owner_id
      -- if recent
      AND b.created_at > now() - interval '1 day'
      AND b.job_id IS NULL    -- if manual
      -- end
)
SELECT own.domain, count(*) AS bookmarks
FROM own
GROUP BY own.domain
HAVING
    count(*) >= :least        -- if :least
    AND count(*) <= :most     -- if :most
ORDER BY count(*) DESC
    , own.domain              -- if by_name
;

-- Where every part may be left out, nothing is required.
-- name: bookmarks_count :one
SELECT count(*) AS bookmarks
FROM bookmarks b
WHERE b.domain = :domain      -- if :domain
  AND b.tags && :tags;        -- if :tags

-- The columns in place of `*` are those of every variant.
-- name: bookmarks_all :many
SELECT *
FROM bookmarks b
WHERE b.domain = :domain      -- if :domain
ORDER BY b.id                 -- order id
-- order title: b.title, b.id
;

-- A column that may be NULL in one variant may be NULL.
-- name: bookmarks_folders :many
SELECT b.folder, b.id
FROM bookmarks b
WHERE b.folder IS NOT NULL    -- if filed
;

-- One row in each variant.
-- name: bookmarks_get :optional
SELECT b.title, b.id
FROM bookmarks b
WHERE b.id = :id
  AND b.owner_id = :owner_id  -- if :owner_id
FOR UPDATE                    -- if locked
;

-- name: bookmarks_delete :execrows
DELETE FROM bookmarks b
USING jobs j                  -- if :status
WHERE b.owner_id = :owner_id
  AND j.id = b.job_id AND j.status = :status  -- if :status
;
