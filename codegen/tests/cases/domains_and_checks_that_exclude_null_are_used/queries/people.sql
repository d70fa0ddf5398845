-- name: people_put :one
INSERT INTO people (motto, name, word, nick) VALUES (:motto, :name, :word, :nick) RETURNING id, motto, name, word;

-- name: people_lists :many
SELECT tags, codes, numbers, loose, later FROM people;

-- name: people_tag :many
UPDATE people SET tags = :tags WHERE id = :id RETURNING tags;

-- name: parents_lists :many
SELECT tags, own FROM parents;
