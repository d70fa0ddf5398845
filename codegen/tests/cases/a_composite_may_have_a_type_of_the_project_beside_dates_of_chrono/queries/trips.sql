-- name: trips_all :many
SELECT * FROM trips ORDER BY id;

-- name: trip_add :exec
INSERT INTO trips (id, stay, stays, day, at) VALUES (:id, :stay, :stays, :day, :at);

-- Dates are sentinels in JSON, whichever crate they are of.
-- name: trip_times :many
-- derive: serde::Serialize, serde::Deserialize
SELECT id, day, at, local, days FROM trips ORDER BY id;
