-- pair: big app
CREATE TYPE status AS ENUM ('active', 'inactive');
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE, status status NOT NULL DEFAULT 'active', created timestamptz DEFAULT now());
CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE, title varchar(100), body text);
CREATE INDEX posts_user ON posts (user_id);
CREATE VIEW active_users AS SELECT id, email FROM users WHERE status = 'active';
CREATE FUNCTION count_posts(u int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM posts WHERE user_id = u';
CREATE VIEW stats AS SELECT u.id, count_posts(u.id) AS n FROM active_users u;
-- becomes
CREATE TYPE status AS ENUM ('pending', 'active', 'banned');
CREATE TABLE users (id bigserial PRIMARY KEY, email varchar(255) NOT NULL, status status NOT NULL DEFAULT 'pending', created timestamptz NOT NULL DEFAULT now(), org_id uuid, CONSTRAINT users_email_org UNIQUE (email, org_id));
CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL REFERENCES users ON DELETE SET NULL, title text, tags text[] NOT NULL DEFAULT '{}', search tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(title, ''))) STORED);
CREATE INDEX posts_user ON posts USING hash (user_id);
CREATE INDEX posts_search ON posts USING gin (search);
CREATE VIEW active_users AS SELECT id, email, created FROM users WHERE status = 'active';
CREATE FUNCTION count_posts(u bigint) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM posts WHERE user_id = u';
CREATE VIEW stats AS SELECT u.id, count_posts(u.id) AS n FROM active_users u;
CREATE TABLE orgs (id uuid PRIMARY KEY DEFAULT gen_random_uuid());
ALTER TABLE users ADD FOREIGN KEY (org_id) REFERENCES orgs;
