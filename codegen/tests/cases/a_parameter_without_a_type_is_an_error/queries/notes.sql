-- name: notes_list :many
SELECT :x IS NULL AS missing;
