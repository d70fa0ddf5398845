-- Every organization by name; a customer sees only the active one.
-- name: organizations_list :many
SELECT o.id, o.created_at, o.updated_at, o.storytime, o.name, o.slug
FROM organizations o
ORDER BY o.name, o.id;

-- The organizations a user belongs to, with the user's role in each.
-- name: organizations_list_by_user :many
SELECT o.id, o.name, o.slug, m.role, m.created_at AS member_since
FROM memberships m
JOIN organizations o ON o.id = m.organization_id
WHERE m.user_id = :user_id
ORDER BY o.name, o.id;

-- One organization by its id.
-- name: organizations_get :optional
SELECT o.id, o.created_at, o.updated_at, o.storytime, o.name, o.slug
FROM organizations o
WHERE o.id = :id;

-- One organization by the slug in its address.
-- name: organizations_get_by_slug :optional
SELECT o.id, o.created_at, o.updated_at, o.storytime, o.name, o.slug
FROM organizations o
WHERE o.slug = :slug;

-- Adds an organization, which has no members yet.
-- name: organizations_create :one
INSERT INTO organizations (name, slug)
VALUES (:name, :slug)
RETURNING id, created_at, updated_at, storytime, name, slug;

-- Renames an organization and moves it to another slug.
-- name: organizations_update :optional
UPDATE organizations
SET name = :name, slug = :slug
WHERE id = :id
RETURNING id, created_at, updated_at, storytime, name, slug;

-- Deletes an organization with everything that belongs to it.
-- name: organizations_delete :execrows
DELETE FROM organizations
WHERE id = :id;
