-- name: notes_list :many
SELECT id, words FROM notes;
-- name: b :many
SELECT id FROM notes WHERE words = :words;
-- name: c :many
SELECT id, days FROM notes;
-- name: d :many
SELECT id, ARRAY(SELECT unnest(days)) AS ranges FROM notes;
-- name: in_a_star :many
SELECT * FROM searches;
