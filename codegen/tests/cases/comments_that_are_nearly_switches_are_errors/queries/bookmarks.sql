-- name: without_a_blank :many
SELECT b.id FROM bookmarks b
WHERE b.domain = :domain  -- if:domain
;

-- name: without_a_blank_before :many
SELECT b.id FROM bookmarks b
WHERE b.domain = :domain  --if :domain
;

-- name: with_a_mark :many
SELECT b.id FROM bookmarks b
WHERE b.domain = :domain  -- if :domain?
;

-- name: endif :many
SELECT b.id FROM bookmarks b
-- if :domain
WHERE b.domain = :domain
-- endif
;

-- name: order_with_a_colon :many
SELECT b.id FROM bookmarks b
ORDER BY b.id  -- order: newest
;

-- name: an_order_elsewhere :many
SELECT b.id FROM bookmarks b
WHERE b.id > 1  -- order newest
ORDER BY b.id;

-- name: an_order_without_a_default :many
SELECT b.id FROM bookmarks b
-- order title: b.title
ORDER BY b.id;

-- name: the_same_order_twice :many
SELECT b.id FROM bookmarks b
ORDER BY b.id  -- order newest
-- order newest: b.title
;

-- name: an_order_with_a_second_statement :many
SELECT b.id FROM bookmarks b
ORDER BY b.id  -- order newest
-- order title: b.title; DROP TABLE bookmarks
;

-- name: an_order_with_parts :many
SELECT b.id FROM bookmarks b
ORDER BY b.title,  -- if by_title
  b.id             -- order newest
;

-- Prose is left alone.
-- name: prose :many
SELECT b.id FROM bookmarks b
-- if nothing is found, there are no rows
-- order matters here
-- end of the columns
WHERE b.id > 1;
