-- name: notes_list :many
SELECT sqlc.embed(notes) FROM notes UNION ALL SELECT * FROM notes;
-- name: b :many
SELECT id FROM notes WHERE id = sqlc.other(id);
-- name: c :execlastid
INSERT INTO notes (id) VALUES ($1);
-- name: inside :many
SELECT * FROM (SELECT sqlc.embed(notes) FROM notes) AS found;
-- name: twice :many
SELECT sqlc.embed(n), sqlc.embed(n), n.id FROM notes AS n;
-- name: unknown :many
SELECT sqlc.embed(note) FROM notes;
-- name: sets :many
SELECT sqlc.embed(n), count(*) AS notes FROM notes AS n GROUP BY GROUPING SETS ((n.id, n.title, n.body), ());
-- name: union_in_disguise :many
SELECT sqlc.embed("*SELECT* 1") FROM notes AS "*SELECT* 1" UNION ALL SELECT NULL, NULL, NULL FROM notes;
-- name: renamed :many
SELECT sqlc.embed(notes) AS note FROM notes;
-- name: repeated :many
SELECT sqlc.embed(s), 1 AS one FROM (SELECT 1 AS x, 2 AS x) AS s;
-- name: beside :many
SELECT sqlc.embed(notes), 1 + 1 FROM notes;
-- name: singular_twice :many
SELECT sqlc.embed(notes), body AS note FROM notes;
-- name: with_optional :many
SELECT id FROM notes WHERE 1 = 1
sqlc.optional('Title', 'AND title = $1');
