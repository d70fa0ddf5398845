-- name: notes_list :many
SELECT id, words FROM notes;
-- name: b :exec
UPDATE notes SET words = :words WHERE id = 1;
-- name: c :many
SELECT id, days FROM notes;
-- name: d :many
SELECT id, ARRAY(SELECT unnest(days)) AS ranges FROM notes;
-- name: in_a_star :many
SELECT * FROM searches;
