-- name: half_of_an_expression :many
SELECT b.id
FROM bookmarks b
WHERE b.id = 1
    + 1                 -- if flag
;

-- name: among_and_and_or :many
SELECT b.id
FROM bookmarks b
WHERE b.id = 1
   OR b.id = 2
  AND b.domain = :domain  -- if :domain
;

-- name: a_connector_alone :many
SELECT b.id
FROM bookmarks b
WHERE b.id = 1
  AND                   -- if flag
  b.id < 10;

-- name: half_of_a_bracket :many
SELECT b.id
FROM bookmarks b
WHERE b.id IN (1,
  2)                    -- if flag
;

-- name: a_branch_of_case :many
SELECT b.id, CASE WHEN b.id = 1 THEN 1
  WHEN b.id = 2 THEN 2  -- if flag
  END AS number
FROM bookmarks b;

-- name: no_end :many
SELECT b.id
FROM bookmarks b
-- if flag
WHERE b.id = 1;

-- name: no_beginning :many
SELECT b.id
FROM bookmarks b
WHERE b.id = 1
-- end
;

-- name: nothing_inside :many
SELECT b.id
FROM bookmarks b
-- if flag
-- end
WHERE b.id = 1;

-- name: of_a_slice :batch
INSERT INTO jobs (id, filename) VALUES (:id, :filename)
ON CONFLICT (id) DO NOTHING  -- if flag
;

-- name: of_a_utility :exec
LOCK TABLE bookmarks
IN SHARE MODE           -- if flag
;
