CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TABLE notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body text NOT NULL CHECK (body <> ''),
    tags text[] NOT NULL DEFAULT '{}',
    mood mood
);
CREATE INDEX notes_by_body ON notes (body, id);

CREATE DOMAIN scores AS int[];
CREATE FUNCTION same_scores(scores, scores) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT array_length($1, 1) OPERATOR(pg_catalog.=) array_length($2, 1)';
CREATE OPERATOR = (FUNCTION = same_scores, LEFTARG = scores, RIGHTARG = scores);

-- What fits the queries of the tool better than what Postgres has.
CREATE FUNCTION never(smallint[], smallint[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR = (FUNCTION = never, LEFTARG = smallint[], RIGHTARG = smallint[]);
CREATE OPERATOR <> (FUNCTION = never, LEFTARG = smallint[], RIGHTARG = smallint[]);
CREATE FUNCTION never(oid, regclass) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR = (FUNCTION = never, LEFTARG = oid, RIGHTARG = regclass);
CREATE FUNCTION never(oid, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR <> (FUNCTION = never, LEFTARG = oid, RIGHTARG = int);
CREATE OPERATOR = (FUNCTION = never, LEFTARG = oid, RIGHTARG = int);
CREATE FUNCTION quote_ident(name) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''stolen''::text';
CREATE FUNCTION format_type(oid, smallint) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''stolen''::text';
CREATE FUNCTION unnest(text[]) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS 'SELECT ''stolen''::text';
CREATE FUNCTION "coalesce"(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''stolen''::text';
CREATE FUNCTION aclexplode(aclitem[], int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE AGGREGATE array_agg(text) (SFUNC = array_append, STYPE = text[], INITCOND = '{stolen}');
CREATE AGGREGATE array_agg(smallint) (SFUNC = array_append, STYPE = smallint[], INITCOND = '{0}');
