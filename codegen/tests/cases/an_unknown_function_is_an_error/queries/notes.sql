-- name: notes_list :many
SELECT lowerr(title) AS x FROM notes;
