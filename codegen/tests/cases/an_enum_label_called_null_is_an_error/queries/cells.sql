-- name: cells_list :many
SELECT id, kind FROM cells;

-- name: cells_ids :many
SELECT id FROM cells;

-- name: cells_of_kind :many
SELECT id, ARRAY[kind]::text[] AS kinds FROM cells WHERE kind = :kind;

-- name: cells_of_text :many
SELECT id, kind::text AS kind FROM cells WHERE kind = :kind::text::cell_kind;
