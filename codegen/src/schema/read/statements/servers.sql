SELECT s.oid, '' AS schema, s.srvname::text AS name, quote_ident(s.srvname) AS sql,
       quote_ident(nullif(pg_get_userbyid(s.srvowner), current_user)) AS owner,
       concat_ws(' ', 'CREATE SERVER ' || quote_ident(s.srvname), 'TYPE ' || quote_literal(s.srvtype),
           'VERSION ' || quote_literal(s.srvversion), 'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
           (SELECT 'OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
                ORDER BY o.option_name COLLATE "C") || ')'
            FROM pg_options_to_table(s.srvoptions) o)
       ) AS definition,
       NULL AS alteration
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype = 'e'
  )
