-- name: albums_list :many
SELECT id, title FROM albums ORDER BY id;

-- name: photos_of_album :many
SELECT p.id, p.caption, p.content FROM photos p WHERE p.album_id = :album_id ORDER BY p.id;

-- name: photos_add :one
INSERT INTO photos (album_id, caption, content) VALUES (:album_id, :caption, :content) RETURNING id;

-- name: profiles_rename :execrows
UPDATE profiles SET handle = :handle WHERE id = :id;

-- name: events_on :many
SELECT id, what FROM events WHERE happened_on >= :since ORDER BY id;
