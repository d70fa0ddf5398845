-- name: notes_list :many
SELECT n.id, n.labels,
       ARRAY(SELECT t.name FROM tags t WHERE t.note_id = n.id ORDER BY t.name) AS names,
       ARRAY(SELECT t.weight FROM tags t WHERE t.note_id = n.id ORDER BY t.name) AS weights,
       (SELECT array_agg(t.weight) FROM tags t WHERE t.note_id = n.id AND t.weight > 0) AS known,
       ARRAY(SELECT ROW(t.name, t.weight) FROM tags t WHERE t.note_id = n.id ORDER BY t.name) AS tags
FROM notes n
ORDER BY n.id;

-- name: tags_names :one
SELECT coalesce(array_agg(DISTINCT name), '{}') AS names FROM tags;

-- name: tags_chosen :many
SELECT name = ANY (:names::text[]) AS chosen, :names AS names FROM tags ORDER BY name;
