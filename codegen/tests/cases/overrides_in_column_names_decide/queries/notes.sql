-- name: notes_list :many
SELECT body AS "body!", title AS "title?" FROM notes;
