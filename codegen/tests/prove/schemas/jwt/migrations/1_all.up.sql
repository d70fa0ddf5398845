-- Each user is a tenant, named by the claims of a token.
CREATE ROLE web NOLOGIN;
GRANT USAGE ON SCHEMA public TO web;
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA auth TO web;

CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN current_setting('request.jwt.claims', true) LIKE '{"sub"%'
        THEN (current_setting('request.jwt.claims', true)::jsonb ->> 'sub')::uuid END
$$;

CREATE DOMAIN slug AS text CHECK (VALUE ~ '^[a-z0-9-]{3,60}$');

CREATE TABLE plans (
    name text PRIMARY KEY,
    price integer NOT NULL
);
INSERT INTO plans VALUES ('free', 0), ('paid', 10);
GRANT SELECT ON plans TO web;

CREATE TABLE profiles (
    id uuid PRIMARY KEY,
    handle slug NOT NULL,
    plan text NOT NULL DEFAULT 'free' REFERENCES plans,
    bio text
);
CREATE TABLE albums (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id uuid NOT NULL DEFAULT auth.uid() REFERENCES profiles ON DELETE CASCADE,
    title text NOT NULL,
    place point,
    UNIQUE (owner_id, id)
);
CREATE TABLE photos (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_id uuid NOT NULL DEFAULT auth.uid(),
    album_id bigint NOT NULL,
    caption text NOT NULL DEFAULT '',
    content bytea NOT NULL,
    taken_during tstzrange,
    FOREIGN KEY (owner_id, album_id) REFERENCES albums (owner_id, id) ON DELETE CASCADE
);
CREATE TABLE events (
    id bigint NOT NULL,
    owner_id uuid NOT NULL REFERENCES profiles ON DELETE CASCADE,
    happened_on date NOT NULL,
    what text NOT NULL,
    PRIMARY KEY (id, happened_on)
) PARTITION BY RANGE (happened_on);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2025-01-01');
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);

ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE profiles FORCE ROW LEVEL SECURITY;
ALTER TABLE albums ENABLE ROW LEVEL SECURITY;
ALTER TABLE albums FORCE ROW LEVEL SECURITY;
ALTER TABLE photos ENABLE ROW LEVEL SECURITY;
ALTER TABLE photos FORCE ROW LEVEL SECURITY;
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON profiles TO web USING (id = (SELECT auth.uid())) WITH CHECK (id = (SELECT auth.uid()));
CREATE POLICY own ON albums TO web USING (owner_id = (SELECT auth.uid())) WITH CHECK (owner_id = (SELECT auth.uid()));
CREATE POLICY own ON photos TO web USING (owner_id = (SELECT auth.uid())) WITH CHECK (owner_id = (SELECT auth.uid()));
CREATE POLICY own ON events TO web USING (owner_id = (SELECT auth.uid())) WITH CHECK (owner_id = (SELECT auth.uid()));
GRANT SELECT, UPDATE (handle, bio) ON profiles TO web;
GRANT SELECT, INSERT, UPDATE, DELETE ON albums, photos, events TO web;
