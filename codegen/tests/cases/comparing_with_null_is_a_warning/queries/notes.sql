-- name: notes_without_body :many
SELECT id FROM notes WHERE body = NULL;

-- name: note_empty :execrows
UPDATE notes SET body = NULL WHERE id = :id AND title > NULL;

-- name: notes_right :many
SELECT id FROM notes WHERE body IS NULL OR body IS NOT DISTINCT FROM :body OR title = coalesce(body, NULL);
