-- name: notes_list :many
SELECT n.id,
       n.titel
FROM notes n;
-- name: after_wide_letters_and_parameters :many
SELECT 'é', :x::text, body_ FROM notes;
