-- name: events_all :many
SELECT * FROM events ORDER BY id;

-- name: event_add :one
INSERT INTO events (at, local, day, hour, price, ended, days, prices, during, costs, visit, valid_until)
VALUES (:at, :local, :day, :hour, :price, :ended, :days, :prices, :during, :costs, :visit, :valid_until)
RETURNING *;

-- name: events_add :batch
INSERT INTO events (at, local, day, hour, price, ended, days, prices, during, costs, visit, valid_until)
VALUES (:at, :local, :day, :hour, :price, :ended, :days, :prices, :during, :costs, :visit, :valid_until)
RETURNING id;

-- name: events_copy :copy
INSERT INTO events (at, local, day, hour, price, ended, days, prices, during, valid_until)
VALUES (:at, :local, :day, :hour, :price, :ended, :days, :prices, :during, :valid_until);

-- name: events_on :many
SELECT id FROM events WHERE (day, hour) IN (:slots) AND price = ANY(:prices) AND at IN (:moments);

-- name: events_page :page
SELECT id, at, price FROM events ORDER BY at DESC, price, id;

-- name: event_change :exec
UPDATE events SET
    ended = :ended, -- if :ended
    day = :day -- if :day
WHERE id = :id;

-- name: events_by_day :many
SELECT days.day, ARRAY(SELECT sqlc.embed(e) FROM events e WHERE e.day = days.day ORDER BY e.id) AS events,
    (SELECT sqlc.embed(last) FROM (SELECT e.at, e.price FROM events e WHERE e.day = days.day ORDER BY e.at DESC LIMIT 1) last) AS last
FROM (SELECT DISTINCT day FROM events) days ORDER BY days.day;

-- name: average_price :one
SELECT avg(price) AS average, max(ended) AS last FROM events;
