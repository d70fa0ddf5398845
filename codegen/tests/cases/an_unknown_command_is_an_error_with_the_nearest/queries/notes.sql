-- name: notes_list :manny
SELECT id FROM notes;
-- name: b :everything
SELECT id FROM notes;
