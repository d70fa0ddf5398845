-- Whether the connection is direct, and whether the database has anything that could leave more in a
-- session than the usual reset undoes. The words are those of words.rs.
--
-- A pooler gives prepared statements names of its own, so a name of sqlx's shows that there is none.
WITH builtin AS (
    SELECT ':funcid (' || pg_catalog.string_agg(oid::pg_catalog.text, '|') || ') ' AS risky
    FROM pg_catalog.pg_proc
    WHERE oid < 16384 AND proname ~ '(advisory_lock|setseed|_to_xml|ts_stat|ts_rewrite)'
)
SELECT
    EXISTS (
        SELECT FROM pg_catalog.pg_prepared_statement()
        WHERE name LIKE 'sqlx\_s\_%' AND statement LIKE '-- Whether the connection is direct%' AND NOT from_sql
    ) AS direct,
    NOT (
        EXISTS (
            SELECT FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
            WHERE p.oid >= 16384 AND (
                p.prosrc ~* '(\m(execute|prepare|deallocate|listen)\M|advisory_lock|setseed|_to_xml|ts_stat|ts_rewrite|u&)'
                OR l.lanname NOT IN ('sql', 'plpgsql', 'internal', 'c')
                OR l.lanname = 'c' AND p.probin !~ ('/(btree_gin|btree_gist|citext|cube|earthdistance|fuzzystrmatch|hstore|'
                    'intarray|isn|lo|ltree|pg_stat_statements|pg_trgm|pgcrypto|postgis-[0-9]+|seg|unaccent|uuid-ossp|vector)$')
                OR p.prosqlbody IS NOT NULL AND p.prosqlbody::pg_catalog.text ~ risky
            )
        )
        OR EXISTS (SELECT FROM pg_catalog.pg_rewrite WHERE oid >= 16384 AND ev_action::pg_catalog.text ~ risky)
        OR EXISTS (SELECT FROM pg_catalog.pg_attrdef WHERE adbin::pg_catalog.text ~ risky)
        OR EXISTS (
            SELECT FROM pg_catalog.pg_policy
            WHERE pg_catalog.concat(polqual::pg_catalog.text, polwithcheck::pg_catalog.text) ~ risky
        )
        OR EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE oid >= 16384 AND conbin::pg_catalog.text ~ risky)
        OR EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgqual::pg_catalog.text ~ risky)
        OR EXISTS (SELECT FROM pg_catalog.pg_type WHERE oid >= 16384 AND typdefaultbin::pg_catalog.text ~ risky)
        OR EXISTS (
            SELECT FROM pg_catalog.pg_index
            WHERE pg_catalog.concat(indexprs::pg_catalog.text, indpred::pg_catalog.text) ~ risky
        )
    ) AS quiet
FROM builtin
