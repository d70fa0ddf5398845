-- name: notes_list :many
SELECT id, title FROM notes;

-- name: notes_rename :exec
UPDATE notes SET title = :title WHERE id = :id;

-- The planner reads the setting as a uuid before it looks at privileges.
-- name: notes_give_away :exec
UPDATE notes SET tenant_id = :tenant_id WHERE id = :id;
