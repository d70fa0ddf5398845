-- name: notes_list :many
SELECT id FORM notes;
-- name: at_the_end :many
SELECT id FROM notes WHERE;
