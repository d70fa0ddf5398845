-- name: users_list :many
SELECT id FROM users;
