-- name: offer_create :exec
INSERT INTO offers (id, valid_until, valid_on, score, scores, note)
VALUES (:id, :valid_until, :valid_on?, :score, :scores, :note);

-- name: offers_list :many
SELECT * FROM offers ORDER BY id;
