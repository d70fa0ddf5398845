-- `pg_get_functiondef` always writes `CREATE OR REPLACE` and the schema; both are taken off.
SELECT p.oid, n.nspname::text AS schema, p.proname::text AS name, p.oid::regprocedure::text AS sql,
       quote_ident(nullif(pg_get_userbyid(p.proowner), current_user)) AS owner,
       p.prokind = 'p' AS is_procedure, p.prosecdef AS security_definer, coalesce(p.proconfig, '{}') AS settings,
       pg_get_function_arguments(p.oid) || coalesce(' RETURNS ' || pg_get_function_result(p.oid), '') AS signature,
       rtrim(replace(kind.word, 'OR REPLACE ', '')
           || CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END
           || substr(pg_get_functiondef(p.oid), length(kind.word || quote_ident(n.nspname) || '.') + 1), E'\n'
       ) AS definition,
       -- The arguments without a name that a parsed body uses, if others have one.
       array(
           SELECT DISTINCT m[1]::int4 FROM regexp_matches(p.prosqlbody::text, ':paramkind 0 :paramid ([0-9]+) ', 'g') m
           WHERE p.proargnames[m[1]::int4] = ''
       ) AS unnamed
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN LATERAL (
    SELECT CASE p.prokind WHEN 'p' THEN 'CREATE OR REPLACE PROCEDURE ' ELSE 'CREATE OR REPLACE FUNCTION ' END AS word
) kind
WHERE p.oid >= 16384 AND p.prokind <> 'a' AND n.nspname !~ '^pg_temp'
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i')
  )
