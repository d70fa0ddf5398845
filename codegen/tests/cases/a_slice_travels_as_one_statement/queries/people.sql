-- name: people_put :batch
INSERT INTO people (id, home, street, others) VALUES (:id, :home, (:home::address).street, :others) RETURNING *;
