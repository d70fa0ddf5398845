SELECT w.oid, '' AS schema, w.fdwname::text AS name, quote_ident(w.fdwname) AS sql,
       quote_ident(nullif(pg_get_userbyid(w.fdwowner), current_user)) AS owner,
       concat_ws(' ', 'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
           CASE WHEN w.fdwhandler <> 0 THEN 'HANDLER ' || w.fdwhandler::regproc END,
           (SELECT 'OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
                ORDER BY o.option_name COLLATE "C") || ')'
            FROM pg_options_to_table(w.fdwoptions) o)
       ) AS definition,
       -- Set after the servers, user mappings and tables of the wrapper: they can have options from before the validator,
       -- which it would refuse (ALTER FOREIGN DATA WRAPPER).
       'ALTER FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname) || ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc AS alteration
FROM pg_foreign_data_wrapper w
WHERE w.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid AND e.deptype = 'e'
  )
