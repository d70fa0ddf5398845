CREATE TABLE persona_relation_type_enum (value TEXT PRIMARY KEY);
INSERT INTO persona_relation_type_enum (value) VALUES ('self'), ('family'), ('friend'), ('colleague'), ('client'), ('other');
GRANT SELECT ON persona_relation_type_enum TO PUBLIC;

CREATE TABLE persona_status_enum (value TEXT PRIMARY KEY);
INSERT INTO persona_status_enum (value) VALUES ('draft'), ('active'), ('archived');
GRANT SELECT ON persona_status_enum TO PUBLIC;

CREATE TABLE personas (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('per') CHECK (id LIKE 'per\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    relation_type TEXT NOT NULL REFERENCES persona_relation_type_enum (value),
    status TEXT NOT NULL DEFAULT 'draft' REFERENCES persona_status_enum (value),
    UNIQUE (organization_id, user_id, name),
    -- Personas leave with the membership of their user.
    FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE
);
CREATE TRIGGER updated_at BEFORE UPDATE ON personas FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON personas (user_id);
CREATE INDEX ON personas (relation_type);
CREATE INDEX ON personas (status);

ALTER TABLE personas ENABLE ROW LEVEL SECURITY;
ALTER TABLE personas FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON personas TO admin;
GRANT SELECT, DELETE ON personas TO customer;
GRANT INSERT (organization_id, user_id, name, description, relation_type, status) ON personas TO customer;
GRANT UPDATE (name, description, relation_type, status) ON personas TO customer;
CREATE POLICY personas_admin ON personas TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY personas_customer ON personas TO customer
    USING (organization_id = (SELECT current_organization_id()) AND user_id = (SELECT current_user_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()) AND user_id = (SELECT current_user_id()));
