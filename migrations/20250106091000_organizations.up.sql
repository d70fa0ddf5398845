CREATE TABLE organizations (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('org') CHECK (id LIKE 'org\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
CREATE TRIGGER updated_at BEFORE UPDATE ON organizations FOR EACH ROW EXECUTE FUNCTION updated_at();

CREATE TABLE user_role_enum (value TEXT PRIMARY KEY);
INSERT INTO user_role_enum (value) VALUES ('user'), ('admin');

CREATE TABLE users (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('usr') CHECK (id LIKE 'usr\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
    username TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    hashed_password TEXT,
    identity_extid TEXT COLLATE "C" UNIQUE,
    is_active BOOLEAN NOT NULL DEFAULT true,
    role TEXT NOT NULL DEFAULT 'user' REFERENCES user_role_enum (value)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON users (role);

CREATE TABLE membership_role_enum (value TEXT PRIMARY KEY);
INSERT INTO membership_role_enum (value) VALUES ('owner'), ('admin'), ('member');

CREATE TABLE memberships (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('mem') CHECK (id LIKE 'mem\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role TEXT NOT NULL DEFAULT 'member' REFERENCES membership_role_enum (value),
    UNIQUE (organization_id, user_id)
);
CREATE TRIGGER updated_at BEFORE UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON memberships (user_id);
CREATE INDEX ON memberships (role);
