-- A configuration, and which dictionaries each kind of token of its parser goes through.
SELECT c.oid, n.nspname::text AS schema, c.cfgname::text AS name, parts.name AS sql,
       quote_ident(nullif(pg_get_userbyid(c.cfgowner), current_user)) AS owner,
       'CREATE TEXT SEARCH CONFIGURATION ' || parts.name || ' (PARSER = '
       || CASE s.nspname WHEN 'pg_catalog' THEN 'pg_catalog.' ELSE quote_ident(s.nspname) || '.' END
       || quote_ident(p.prsname) || ')' AS definition,
       (
           SELECT string_agg('ALTER TEXT SEARCH CONFIGURATION ' || parts.name || ' ADD MAPPING FOR '
               || quote_ident(mapping.token) || ' WITH ' || mapping.dictionaries, E';\n' ORDER BY mapping.token COLLATE "C")
           FROM (
               SELECT t.alias AS token, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
               FROM pg_ts_config_map m
               JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
               WHERE m.mapcfg = c.oid
               GROUP BY t.alias
           ) mapping
       ) AS alteration
FROM pg_ts_config c
JOIN pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace s ON s.oid = p.prsnamespace
CROSS JOIN LATERAL (SELECT CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(c.cfgname) AS name) parts
WHERE c.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
