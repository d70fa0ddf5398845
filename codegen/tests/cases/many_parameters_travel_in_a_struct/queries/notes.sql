-- name: events_create :exec
INSERT INTO events (a, b, c, d, e, f)
VALUES (:a, :b, :c, :d, :e, :f?);
