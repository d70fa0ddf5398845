-- name: notes_list :many
SELECT n.id, ROW(n.id, n.title) AS pair,
       (SELECT array_agg(ROW(t.name, t.weight) ORDER BY t.name) FROM tags t WHERE t.note_id = n.id) AS tags
FROM notes n
ORDER BY n.id;
