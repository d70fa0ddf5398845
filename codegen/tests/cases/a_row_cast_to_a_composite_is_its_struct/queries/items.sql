-- name: items_prices :many
SELECT price FROM items ORDER BY id;

-- name: items_made :many
SELECT ROW(id, 'EUR')::price AS price, ROW('a', 'sunny')::entry AS entry,
    (1, 2, 3, 4, 5, 6, 7, 8, 9, id)::wide AS wide, CASE WHEN id > 1 THEN (id, 'x')::price END AS perhaps
FROM items ORDER BY id;

-- name: items_together :one
SELECT array_agg((id, 'x')::price ORDER BY id) AS prices,
    COALESCE(array_agg((id, 'x')::price) FILTER (WHERE id > 1), '{}') AS later,
    array_agg((id, 'x') ORDER BY id) AS pairs
FROM items;
