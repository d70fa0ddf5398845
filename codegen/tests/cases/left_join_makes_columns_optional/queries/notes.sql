-- name: notes_list :many
SELECT n.id, n.title, t.name AS tag, t.note_id
FROM notes n
LEFT JOIN tags t ON t.note_id = n.id;
