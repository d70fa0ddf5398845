-- The newest users first; a customer sees the people of the active organization.
-- name: users_list :many
-- row: UserProfile
SELECT u.id, u.created_at, u.updated_at, u.email, u.username, u.full_name, u.is_active, u.role
FROM users u
ORDER BY u.id DESC
LIMIT :limit;

-- One user by id.
-- name: users_get :optional
-- row: UserProfile
SELECT u.id, u.created_at, u.updated_at, u.email, u.username, u.full_name, u.is_active, u.role
FROM users u
WHERE u.id = :id;

-- One user by email address, in lower case as it is stored.
-- name: users_get_by_email :optional
-- row: UserProfile
SELECT u.id, u.created_at, u.updated_at, u.email, u.username, u.full_name, u.is_active, u.role
FROM users u
WHERE u.email = :email;

-- One user by the name they go by.
-- name: users_get_by_username :optional
-- row: UserProfile
SELECT u.id, u.created_at, u.updated_at, u.email, u.username, u.full_name, u.is_active, u.role
FROM users u
WHERE u.username = :username;

-- The user whom an identity provider knows under this id.
-- name: users_get_by_identity :optional
-- row: UserProfile
SELECT u.id, u.created_at, u.updated_at, u.email, u.username, u.full_name, u.is_active, u.role
FROM users u
WHERE u.identity_extid = :identity_extid;

-- What is needed to check the password of someone who signs in.
-- name: users_get_credentials :optional
SELECT u.id, u.hashed_password, u.is_active
FROM users u
WHERE u.email = :email;

-- Adds an active user, who belongs to no organization yet.
-- name: users_create :one
INSERT INTO users (email, username, full_name, hashed_password, identity_extid, role)
VALUES (:email, :username, :full_name, :hashed_password?, :identity_extid?, :role)
RETURNING id, created_at, updated_at, email, username, full_name, is_active, role;

-- Changes the names of a user that are given; customers may change only themselves.
-- name: users_update :optional
UPDATE users
SET username = :username      -- if :username
  , full_name = :full_name    -- if :full_name
WHERE id = :id
RETURNING id, created_at, updated_at, email, username, full_name, is_active, role;

-- Moves a user to another email address.
-- name: users_update_email :execrows
UPDATE users
SET email = :email
WHERE id = :id;

-- Replaces the password of a user, or takes it away.
-- name: users_update_password :execrows
UPDATE users
SET hashed_password = :hashed_password?
WHERE id = :id;

-- Gives a user another role in the product as a whole.
-- name: users_update_role :execrows
UPDATE users
SET role = :role
WHERE id = :id;

-- Lets a user in again, or locks them out of every organization.
-- name: users_update_is_active :execrows
UPDATE users
SET is_active = :is_active
WHERE id = :id;

-- Deletes a user with their memberships, personas and preferences.
-- name: users_delete :execrows
DELETE FROM users
WHERE id = :id;
