-- name: things_list :many
SELECT * FROM things ORDER BY id;

-- name: things_pairs :many
SELECT id, ROW(note, large, id, size, price) AS several, ARRAY(SELECT sqlc.embed(c) FROM things c WHERE c.parent_id = t.id) AS children,
       ARRAY(SELECT sqlc.embed(s) FROM (SELECT c.id, c.moment FROM things c WHERE c.parent_id = t.id) s) AS times
FROM things t ORDER BY id;

-- name: thing_create :exec
INSERT INTO things VALUES (
    :id, :parent_id?, true, 'c', 1, 2, 3, 4.5, 5.5, :exact, :note?, :bytes, :key, :day, :time, :local, :moment, :ended?, :data,
    :host, :card, :size, :price, :tags, :keys, ARRAY[:moment::timestamptz], :prices
);

-- name: things_change :execrows
UPDATE things
SET note = :note              -- if :note
    , ended = :ended          -- if :ended
    , moment = :moment        -- if :moment
WHERE id = :id;

-- Slices of values that serde writes only by a module.
-- name: things_at :many
SELECT id FROM things
WHERE id > :after AND moment = ANY(:moments) AND day = ANY(:days) AND exact = ANY(:amounts) AND size = ANY(:sizes) AND near < :below
ORDER BY id;

-- name: things_of :many
SELECT id FROM things
WHERE id > :after
  AND moment = ANY(:moments)    -- if :moments
ORDER BY id;
