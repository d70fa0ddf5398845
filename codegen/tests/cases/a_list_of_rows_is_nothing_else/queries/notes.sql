-- name: used_twice :many
SELECT id FROM notes WHERE (id, title) IN (:rows) AND id <> :rows;

-- name: of_other_columns :many
SELECT id FROM notes WHERE (id, title) IN (:rows) OR (id, title, id) IN (:rows);

-- name: with_numbers :many
SELECT id FROM notes WHERE (id, title) IN (:rows) AND id <> $1;

-- name: in_a_batch :batch
DELETE FROM notes WHERE (id, title) IN (:rows);
