-- name: stays_all :many
SELECT id, valid_until, nights, mood, moods FROM stays;

-- name: stay_put :one
INSERT INTO stays (valid_until, nights, mood) VALUES (:valid_until, :nights, :mood) RETURNING id;

-- name: stays_put :batch
INSERT INTO stays (valid_until, mood, moods) VALUES (:valid_until, :mood, :moods);

-- name: first_day :one
SELECT min(lower(nights)) AS "day: xact::types::MaybeInfinite<xact::types::Date>" FROM stays;

-- name: matrix :one
SELECT ARRAY[[1, 2], [3, 4]] AS matrix, ARRAY[[1, 2], [3, 4]]::bigint[] AS wide, array_agg(moods) AS moods FROM stays;

-- name: index_keys :many
SELECT indkey::int2[] AS keys FROM pg_index;
