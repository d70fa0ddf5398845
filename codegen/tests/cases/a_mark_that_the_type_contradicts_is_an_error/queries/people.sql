-- name: people_put :exec
INSERT INTO people (id, motto, nick) VALUES (:id, :motto?, :nick[?]);
