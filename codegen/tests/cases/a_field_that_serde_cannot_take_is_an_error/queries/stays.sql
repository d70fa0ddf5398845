-- name: stays_list :many
SELECT * FROM stays;

-- name: lengths :many
SELECT id, length FROM stays WHERE id > 1 UNION ALL SELECT 2, '1 day'::interval;

-- name: trips_list :many
SELECT id + 1 AS id, span FROM trips;

-- A parameter is no column, so it is passed as text.
-- name: stays_between :many
SELECT id FROM stays
WHERE id > :after
  AND length >= :shortest    -- if :shortest
ORDER BY id;

-- Its JSON has dates in a tuple, to which no attribute can be given.
-- name: trips_ends :many
SELECT id, ROW(id, now()) AS seen FROM trips ORDER BY id;
