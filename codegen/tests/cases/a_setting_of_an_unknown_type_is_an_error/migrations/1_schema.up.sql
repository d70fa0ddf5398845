CREATE ROLE xact_case_other;
CREATE TABLE users (id text PRIMARY KEY);
CREATE TABLE sites (id integer PRIMARY KEY);
GRANT SELECT ON users TO xact_case_other;
