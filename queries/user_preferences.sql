-- The preferences of a user in every organization they set any in.
-- name: user_preferences_list :many
SELECT p.id, p.created_at, p.updated_at, p.storytime, p.organization_id, p.user_id, p.theme
FROM user_preferences p
WHERE p.user_id = :user_id
ORDER BY p.id;

-- The preferences of a user in an organization, if they ever set any.
-- name: user_preferences_get :optional
SELECT p.id, p.created_at, p.updated_at, p.storytime, p.organization_id, p.user_id, p.theme
FROM user_preferences p
WHERE p.organization_id = :organization_id AND p.user_id = :user_id;

-- Sets the preferences of a user in an organization, for the first time or anew.
-- name: user_preferences_set :one
INSERT INTO user_preferences (organization_id, user_id, theme)
VALUES (:organization_id, :user_id, :theme)
ON CONFLICT (organization_id, user_id) DO UPDATE SET theme = EXCLUDED.theme
RETURNING id, created_at, updated_at, storytime, organization_id, user_id, theme;

-- Returns a user to the defaults in an organization.
-- name: user_preferences_delete :execrows
DELETE FROM user_preferences
WHERE organization_id = :organization_id AND user_id = :user_id;
