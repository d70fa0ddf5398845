-- name: event_add :one
INSERT INTO events (at, local, day, hour, ended, days)
VALUES (:at, :local, :day, :hour, :ended, :days)
RETURNING *;

-- name: events_since :many
SELECT id FROM events WHERE at > :since AND (CAST(:days AS date[]) IS NULL OR day = ANY(:days));

-- name: stay_put :one
INSERT INTO stays (id, nights, valid_until) VALUES (:id, :nights, :valid_until) RETURNING nights;

-- name: stay_until :one
SELECT valid_until FROM stays WHERE id = :id;

-- name: stays_put :batch
INSERT INTO stays (id, nights, valid_until) VALUES (:id, :nights, :valid_until);
