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
SELECT sqlc.embed(n), count(*) AS notes FROM notes AS n GROUP BY GROUPING SETS ((n.id, n.body), ());
