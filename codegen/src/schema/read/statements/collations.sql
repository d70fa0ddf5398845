-- The locale's column is called differently by each major, so it is asked for by name.
SELECT c.oid, n.nspname::text AS schema, c.collname::text AS name, c.oid::regcollation::text AS sql,
       quote_ident(nullif(pg_get_userbyid(c.collowner), current_user)) AS owner,
       'CREATE COLLATION ' || c.oid::regcollation || ' (' || concat_ws(', ',
           'PROVIDER = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
           CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END,
           'LOCALE = ' || quote_literal(locale.name),
           CASE WHEN locale.name IS NULL THEN 'LC_COLLATE = ' || quote_literal(c.collcollate) END,
           CASE WHEN locale.name IS NULL THEN 'LC_CTYPE = ' || quote_literal(c.collctype) END,
           'RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules')
       ) || ')' AS definition,
       NULL AS alteration
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
CROSS JOIN LATERAL (
    SELECT coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale',
                    CASE WHEN c.collcollate = c.collctype THEN c.collcollate END) AS name
) locale
WHERE c.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
