-- name: refused_inferred :exec
INSERT INTO shelves VALUES (2, 2, 'b') ON CONFLICT (place) DO NOTHING;

-- name: refused_named :exec
INSERT INTO shelves VALUES (2, 2, 'b') ON CONFLICT ON CONSTRAINT shelves_place_key DO UPDATE SET label = excluded.label;

-- Without a key, every one of the table is meant.
-- name: refused_any :exec
INSERT INTO shelves VALUES (2, 2, 'b') ON CONFLICT DO NOTHING;

-- name: refused_view :exec
INSERT INTO labels VALUES (2, 2, 'b') ON CONFLICT (slot) DO NOTHING;

-- name: refused_with :many
WITH added AS (INSERT INTO shelves VALUES (2, 2, 'b') ON CONFLICT (place) DO NOTHING RETURNING id) SELECT id FROM added;

-- name: refused_exclusion :exec
INSERT INTO rooms VALUES ('[1,2)') ON CONFLICT DO NOTHING;

-- name: refused_partitioned :exec
INSERT INTO events VALUES (1, 1) ON CONFLICT (day) DO UPDATE SET number = excluded.number;

-- name: refused_primary :exec
INSERT INTO shop."Items" VALUES (1) ON CONFLICT (id) DO NOTHING;

-- name: refused_partition :exec
INSERT INTO visits VALUES (1, 1) ON CONFLICT DO NOTHING;

-- name: accepted_other :exec
INSERT INTO shelves VALUES (2, 2, 'b') ON CONFLICT (label) DO NOTHING;

-- name: accepted_above :exec
INSERT INTO visits VALUES (1, 1) ON CONFLICT (day) DO NOTHING;
