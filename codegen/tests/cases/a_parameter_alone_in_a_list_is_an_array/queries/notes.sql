-- name: notes_among :many
SELECT id, title FROM notes WHERE id IN (:ids) ORDER BY id;

-- name: notes_except :many
SELECT id, title FROM notes WHERE score NOT IN (:scores) ORDER BY id;

-- name: notes_of_any :many
SELECT id, title FROM notes WHERE id IN (:ids?) OR lower(title) IN (:titles::text[]) ORDER BY id;

-- name: notes_of_two :many
SELECT id, title FROM notes WHERE id IN (:first, :second) ORDER BY id;

-- name: notes_numbered :many
SELECT id, title FROM notes WHERE id IN ($1) AND title <> $2 ORDER BY id;

-- name: notes_delete :batch
DELETE FROM notes WHERE title = :title AND id IN (:ids);

-- name: notes_in_function :many
SELECT id, coalesce(score IN (:scores), false) AS found, position('a' IN (:text)) AS place FROM notes ORDER BY id;

-- name: notes_by_pairs :many
SELECT id, title FROM notes WHERE (title, score) IN (:pairs) ORDER BY id;

-- name: notes_except_rows :execrows
DELETE FROM notes WHERE (id, title, score) NOT IN (:rows) AND id <> :id;
