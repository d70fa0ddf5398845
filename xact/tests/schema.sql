-- Roles belong to the whole server, so tests that start together make them together.
DO $$ BEGIN
    CREATE ROLE xact_customer;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    CREATE ROLE xact_outsider LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE TYPE mood AS ENUM ('calm', 'busy');

CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    age int,
    mood mood,
    CONSTRAINT users_email_key UNIQUE (email),
    CONSTRAINT users_age_check CHECK (age >= 0)
);
CREATE TABLE notes (
    user_id bigint NOT NULL,
    CONSTRAINT notes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users DEFERRABLE INITIALLY IMMEDIATE
);
CREATE TABLE secrets (word text);

CREATE TABLE rows_of_tenants (
    organization_id text NOT NULL,
    word text NOT NULL
);
ALTER TABLE rows_of_tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON rows_of_tenants USING (organization_id = current_setting('app.organization_id'));

GRANT SELECT, INSERT ON rows_of_tenants TO xact_customer;
GRANT SELECT, INSERT, DELETE ON users, notes TO xact_customer;
