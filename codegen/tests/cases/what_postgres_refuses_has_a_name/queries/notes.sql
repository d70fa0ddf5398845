-- name: a :many
SELECT archive.total(id) AS total FROM notes;
-- name: b :many
SELECT id::colour FROM notes;
-- name: c :many
SELECT id FROM notes AS n JOIN notes AS old ON old.title = n.title;
-- name: d :execrows
UPDATE notes SET words = title;
-- name: e :many
SELECT id, FROM notes;
-- name: f :many
SELECT title FROM notes WHERE count(*) > 1;
