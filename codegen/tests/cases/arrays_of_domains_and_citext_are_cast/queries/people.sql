-- name: people_by_email :many
SELECT id, slugs::text[] AS slugs FROM people WHERE email = ANY(:emails) ORDER BY id;

-- name: people_put :exec
INSERT INTO people (id, email, slugs, codes) VALUES (:id, :email, :slugs, :codes?);

-- name: people_first :many
SELECT id FROM people WHERE email = (:emails::citext[])[1] OR slugs && :slugs[?];
