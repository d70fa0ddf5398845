CREATE DOMAIN label AS text NOT NULL DEFAULT 'none';
CREATE TABLE bookmarks (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    organization_id text NOT NULL,
    url text NOT NULL,
    title text,
    label label,
    created_at timestamptz NOT NULL DEFAULT now(),
    length integer NOT NULL GENERATED ALWAYS AS (1) STORED
);
CREATE TABLE notes (id text PRIMARY KEY, body text);
CREATE FUNCTION give_id() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.id := ''n''; RETURN NEW; END';
CREATE TRIGGER give_id BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION give_id();
