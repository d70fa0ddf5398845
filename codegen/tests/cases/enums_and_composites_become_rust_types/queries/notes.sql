-- name: notes_list :many
SELECT id, mood, moods, place, places FROM people;
-- name: people_move :exec
UPDATE people SET mood = :mood, place = :place, moods = :moods, places = :places WHERE id = :id;
