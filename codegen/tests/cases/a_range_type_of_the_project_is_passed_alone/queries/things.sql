-- name: things_with :many
SELECT id FROM things WHERE spans = :spans;

-- name: things_add :batch
INSERT INTO things (id, span, spans) VALUES (:id, :span, '{}');

-- name: things_measured :many
SELECT measured FROM things;
