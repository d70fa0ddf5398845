CREATE TABLE kind_enum (value text PRIMARY KEY);
INSERT INTO kind_enum VALUES ('long'), ('short');
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL,
    kind text NOT NULL REFERENCES kind_enum
);
CREATE MATERIALIZED VIEW recent AS SELECT id, title, kind FROM notes ORDER BY id DESC LIMIT 10;
CREATE FUNCTION newest_note() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT max(id) FROM notes; END;
CREATE FUNCTION same_number(number bigint) RETURNS bigint LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT number; END;
CREATE FUNCTION note_ids() RETURNS SETOF bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT id FROM notes; END;
CREATE FUNCTION notes_of(wanted text) RETURNS TABLE (id bigint, title text) LANGUAGE sql STABLE
BEGIN ATOMIC SELECT n.id, n.title FROM notes n WHERE n.kind = wanted; END;
CREATE FUNCTION earlier(number bigint) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT number';
CREATE OR REPLACE FUNCTION earlier(number bigint) RETURNS bigint LANGUAGE sql STABLE AS
    'SELECT CASE WHEN number > 0 THEN (SELECT earlier(number - 1)) ELSE (SELECT min(id) FROM notes) END';
