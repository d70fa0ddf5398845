CREATE TABLE theme_enum (value TEXT PRIMARY KEY);
INSERT INTO theme_enum (value) VALUES ('system'), ('light'), ('dark');
GRANT SELECT ON theme_enum TO PUBLIC;

CREATE TABLE user_preferences (
    id TEXT COLLATE "C" PRIMARY KEY DEFAULT generate_id('upr') CHECK (id LIKE 'upr\_%'),
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    storytime JSONB,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    theme TEXT NOT NULL DEFAULT 'system' REFERENCES theme_enum (value),
    UNIQUE (organization_id, user_id),
    -- Preferences leave with the membership of their user.
    FOREIGN KEY (organization_id, user_id) REFERENCES memberships (organization_id, user_id) ON DELETE CASCADE
);
CREATE TRIGGER updated_at BEFORE UPDATE ON user_preferences FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE INDEX ON user_preferences (user_id);
CREATE INDEX ON user_preferences (theme);

ALTER TABLE user_preferences ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_preferences FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON user_preferences TO admin;
GRANT SELECT, DELETE ON user_preferences TO customer;
GRANT INSERT (organization_id, user_id, theme) ON user_preferences TO customer;
GRANT UPDATE (theme) ON user_preferences TO customer;
CREATE POLICY user_preferences_admin ON user_preferences TO admin
    USING (true) WITH CHECK (true);
CREATE POLICY user_preferences_customer ON user_preferences TO customer
    USING (organization_id = (SELECT current_organization_id()) AND user_id = (SELECT current_user_id()))
    WITH CHECK (organization_id = (SELECT current_organization_id()) AND user_id = (SELECT current_user_id()));
