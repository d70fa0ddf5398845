-- name: stays_list :many
SELECT * FROM stays;

-- name: lengths :many
SELECT id, length FROM stays WHERE id > 1 UNION ALL SELECT 2, '1 day'::interval;

-- name: trips_list :many
SELECT id + 1 AS id, span FROM trips;
