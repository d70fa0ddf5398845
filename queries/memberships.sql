-- The people of an organization with their roles, by name.
-- name: memberships_list :many
SELECT m.id, m.user_id, m.role, m.created_at AS member_since, u.email, u.username, u.full_name, u.is_active
FROM memberships m
JOIN users u ON u.id = m.user_id
WHERE m.organization_id = :organization_id
ORDER BY u.full_name, m.id;

-- The membership of a user in an organization.
-- name: memberships_get :optional
SELECT m.id, m.created_at, m.updated_at, m.storytime, m.organization_id, m.user_id, m.role
FROM memberships m
WHERE m.organization_id = :organization_id AND m.user_id = :user_id;

-- How many members an organization has in each role, also in those nobody has.
-- name: memberships_count_by_role :many
SELECT r.value AS role, count(m.id) AS member_count
FROM membership_role_enum r
LEFT JOIN memberships m ON m.role = r.value AND m.organization_id = :organization_id
GROUP BY r.value
ORDER BY r.value;

-- Makes a user a member of an organization.
-- name: memberships_create :one
INSERT INTO memberships (organization_id, user_id, role)
VALUES (:organization_id, :user_id, :role)
RETURNING id, created_at, updated_at, storytime, organization_id, user_id, role;

-- Gives a member another role in the organization.
-- name: memberships_update :optional
UPDATE memberships
SET role = :role
WHERE organization_id = :organization_id AND user_id = :user_id
RETURNING id, created_at, updated_at, storytime, organization_id, user_id, role;

-- Takes a user out of an organization, with their personas and preferences there.
-- name: memberships_delete :execrows
DELETE FROM memberships
WHERE organization_id = :organization_id AND user_id = :user_id;
