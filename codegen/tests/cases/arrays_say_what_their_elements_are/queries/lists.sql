-- name: lists_add :exec
INSERT INTO lists (a, b, c, d, e, f, g, h, i, j)
VALUES (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j::text[]::slug[]);

-- name: lists_load :copy
INSERT INTO lists (a, b, c, e, f, g, h, i) VALUES (:a, :b, :c, :e, :f, :g, :h, :i);

-- name: lists_all :many
SELECT a, b, c, d::text[] AS d, e, f, g, h, i, j FROM lists;
