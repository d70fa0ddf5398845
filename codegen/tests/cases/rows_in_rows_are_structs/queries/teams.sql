-- Three levels in one statement, each row that of its table.
-- name: teams_whole :many
SELECT sqlc.embed(t),
       ARRAY(SELECT sqlc.embed(p) FROM people p WHERE p.team_id = t.id ORDER BY p.id) AS people
FROM teams t
ORDER BY t.id;

-- A subquery of some columns is a struct of its own, at any depth.
-- name: teams_in_part :many
SELECT t.name,
       ARRAY(SELECT sqlc.embed(s) FROM (
           SELECT p.id, p.name, p.mood,
                  ARRAY(SELECT sqlc.embed(g) FROM (
                      SELECT g.word, g.position FROM tags g WHERE g.person_id = p.id AND g.word IS NOT NULL
                  ) g ORDER BY g.position) AS tags
           FROM people p WHERE p.team_id = t.id
       ) s ORDER BY s.id) AS members
FROM teams t
ORDER BY t.id;

-- The row of a subquery as one value names its fields as well.
-- name: tags_by_person :many
SELECT ARRAY(SELECT s FROM (SELECT position, word FROM tags WHERE person_id = p.id ORDER BY position) s) AS tags
FROM people p
ORDER BY p.id;

-- FILTER leaves out the rows that the outer join fills with NULL.
-- name: teams_by_join :many
SELECT t.id, COALESCE(array_agg(sqlc.embed(p) ORDER BY p.id) FILTER (WHERE p.id IS NOT NULL), '{}') AS people
FROM teams t
LEFT JOIN people p ON p.team_id = t.id
GROUP BY t.id
ORDER BY t.id;

-- Without it a field can be NULL, and the struct is the query's own.
-- name: teams_by_join_with_gaps :many
SELECT t.id, array_agg(sqlc.embed(p) ORDER BY p.id) AS people
FROM teams t
LEFT JOIN people p ON p.team_id = t.id
GROUP BY t.id
ORDER BY t.id;

-- One row or none.
-- name: teams_with_first :many
SELECT t.name, (SELECT sqlc.embed(p) FROM people p WHERE p.team_id = t.id ORDER BY p.id LIMIT 1) AS first
FROM teams t
ORDER BY t.id;

-- A row alone, through WITH and UNION ALL.
-- name: all_teams :many
WITH found AS (
    SELECT sqlc.embed(t) AS team FROM teams t WHERE t.id = :id
    UNION ALL
    SELECT sqlc.embed(u) FROM teams u WHERE u.id <> :id
)
SELECT team FROM found;

-- A condition proves more than the table says; the rows are rows of the table all the same.
-- name: people_with_mood :many
SELECT * FROM people WHERE mood IS NOT NULL;

-- A mark asks for another type.
-- name: people_marked :many
SELECT id, team_id, name, mood AS "mood!", data, nicks FROM people WHERE mood IS NOT NULL;

-- Fields of tuples have the types of columns.
-- name: people_pairs :many
SELECT ROW(p.id, p.mood) AS pair, ARRAY(SELECT (g.position, g.word) FROM tags g WHERE g.person_id = p.id) AS tags
FROM people p
ORDER BY p.id;

-- Rows that were written.
-- name: team_create :one
INSERT INTO teams (id, name) VALUES (:id, :name)
RETURNING id, ARRAY(SELECT sqlc.embed(p) FROM people p WHERE p.team_id = teams.id) AS people;

-- A branch that is taken only where the outer join found a row.
-- name: people_with_tag :many
SELECT p.name, ARRAY(
    SELECT CASE WHEN g.position IS NOT NULL THEN sqlc.embed(g) END
    FROM people o LEFT JOIN tags g ON g.person_id = o.id WHERE o.id = p.id ORDER BY g.position
) AS tags
FROM people p
ORDER BY p.id;

-- name: person_add :exec
INSERT INTO people (id, team_id, name, mood, data, nicks) VALUES (:id, :team_id, :name, :mood?, :data?, :nicks[?]);

-- name: tag_add :exec
INSERT INTO tags VALUES (:person_id, :position, :word?);
