DROP TABLE memberships;
DROP TABLE membership_role_enum;
DROP TABLE users;
DROP TABLE user_role_enum;
DROP TABLE organizations;
