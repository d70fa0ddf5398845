-- name: notes_list :many
SELECT id, settings, settings AS again, extra FROM accounts;
