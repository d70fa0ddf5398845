-- name: notes_list :many
SELECT id, shape FROM shapes;
-- name: b :many
SELECT id FROM shapes WHERE shape ~= :shape;
