-- The personas of a user in an organization, archived ones included, by name.
-- name: personas_list :many
SELECT p.id, p.created_at, p.updated_at, p.storytime, p.organization_id, p.user_id, p.name, p.description,
       p.relation_type, p.status
FROM personas p
WHERE p.organization_id = :organization_id AND p.user_id = :user_id
ORDER BY p.name, p.id;

-- The personas of a user in an organization that have one status, by name.
-- name: personas_list_by_status :many
SELECT p.id, p.created_at, p.updated_at, p.storytime, p.organization_id, p.user_id, p.name, p.description,
       p.relation_type, p.status
FROM personas p
WHERE p.organization_id = :organization_id AND p.user_id = :user_id AND p.status = :status
ORDER BY p.name, p.id;

-- One persona by its id.
-- name: personas_get :optional
SELECT p.id, p.created_at, p.updated_at, p.storytime, p.organization_id, p.user_id, p.name, p.description,
       p.relation_type, p.status
FROM personas p
WHERE p.id = :id;

-- Adds a persona as a draft.
-- name: personas_create :one
INSERT INTO personas (organization_id, user_id, name, description, relation_type)
VALUES (:organization_id, :user_id, :name, :description?, :relation_type)
RETURNING id, created_at, updated_at, storytime, organization_id, user_id, name, description, relation_type, status;

-- Changes what is said about a persona.
-- name: personas_update :optional
UPDATE personas
SET name = :name, description = :description?, relation_type = :relation_type
WHERE id = :id
RETURNING id, created_at, updated_at, storytime, organization_id, user_id, name, description, relation_type, status;

-- Moves a persona to another stage of its life.
-- name: personas_update_status :execrows
UPDATE personas
SET status = :status
WHERE id = :id;

-- Deletes a persona for good.
-- name: personas_delete :execrows
DELETE FROM personas
WHERE id = :id;
