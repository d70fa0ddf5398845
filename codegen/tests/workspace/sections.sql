-- Every note.
-- name: notes_list :many
SELECT * FROM notes ORDER BY id;

==
-- name: notes_titled :many
SELECT n.id, n.title, o.name AS owner
FROM notes n
LEFT JOIN owners o ON o.id = n.owner_id
WHERE n.title = :title?;

==
-- name: notes_page :page
SELECT n.id, n.title FROM notes n WHERE n.score > :score ORDER BY n.title, n.id LIMIT :limit;

==
-- name: notes_search :many
SELECT n.id, n.title, n.label
FROM notes n
WHERE n.id > 0
  AND n.title = :title  -- if :title
  AND n.score > 3  -- if scored
ORDER BY n.id  -- order oldest
-- order scored: n.score DESC, n.id
LIMIT :limit;

==
-- name: notes_create :batch
INSERT INTO notes (owner_id, title, mood) VALUES (:owner_id, :title, :mood) RETURNING id;

==
-- name: owners_copy :copy
INSERT INTO owners (id, name) VALUES (:id, :name);

==
-- row: NoteRow
-- name: notes_named :one
SELECT id, title FROM notes WHERE id = :id;

==
-- row: NoteRow
-- name: notes_other :many
SELECT id, label AS title FROM notes;

==
-- name: notes_with_owner :many
SELECT n.id, sqlc.embed(o) FROM notes n JOIN owners o ON o.id = n.owner_id;

==
-- name: owners_with_notes :many
SELECT o.id, ARRAY(SELECT ROW(n.id, n.title) FROM notes n WHERE n.owner_id = o.id) AS notes FROM owners o;

==
-- name: notes_moods :many
SELECT mood, count(*) AS notes FROM notes GROUP BY mood;

==
-- name: notes_labelled :many
SELECT id FROM notes WHERE label = ANY (:labels::short[]);

==
-- name: owners_called :many
SELECT id, 'é' AS accent, :name::text AS echo FROM owners WHERE alias = ANY (:aliases);

==
-- name: notes_of :many
SELECT id FROM notes WHERE (owner_id, title) IN (:pairs);

==
-- name: notes_clear :exec
DELETE FROM notes;

==
-- name: notes_wrong :many
SELECT titel, é FROM notes;

==
-- name: notes_list :one
SELECT count(*) FROM notes WHERE title = NULL;

==
-- name: become_user :exec
SELECT become(:who);

==
-- name: run_composed :exec
SELECT composed(:name);

==
-- name: set_zone :exec
SET TIME ZONE 'UTC';

==
-- name: notes_lock :exec
LOCK TABLE notes IN SHARE MODE;

==
-- name: notes_upsert :one
INSERT INTO notes (owner_id, title) VALUES (:owner_id, :title) ON CONFLICT (title) DO NOTHING RETURNING id;

==
-- name: notes_quoted :many
SELECT id FROM notes WHERE title = 'it''s :title;

==
-- name: notes_patch :execrows
UPDATE notes SET
  title = :title,  -- if :title
  label = :label,  -- if :label
  score = :score  -- if :score
WHERE id = :id;

==
-- name: owners_rights :many
SELECT name FROM owners;

==
-- name: notes_any :many
SELECT coalesce(:value, title) AS value FROM notes WHERE id = :id AND owner_id = :owner_ids;

==
