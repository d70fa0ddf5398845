-- name: people_put :many
INSERT INTO people (email, nick, code, mood)
SELECT * FROM unnest(:emails::text[], :nicks[?]::text[], :codes[?]::varchar[], :moods[?]::mood[])
ON CONFLICT (email) DO UPDATE SET nick = excluded.nick
RETURNING email, nick, code, mood;

-- name: people_tag :batch
UPDATE people SET tags = :tags[?]? WHERE email = :email RETURNING email, tags;

-- name: people_of :many
SELECT p.email, p.nick = ANY (:nicks[?]) AS known, p.nick = ANY (:others) AS other, :nicks AS asked
FROM people p ORDER BY p.email;
