SELECT m.umid AS oid, '' AS schema, parts.name, parts.name AS sql, NULL AS owner,
       concat_ws(' ', 'CREATE USER MAPPING ' || parts.name, (SELECT 'OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', '
                ORDER BY o.option_name COLLATE "C") || ')'
            FROM pg_options_to_table(m.umoptions) o)) AS definition,
       NULL AS alteration
FROM pg_user_mappings m
CROSS JOIN LATERAL (
    SELECT 'FOR ' || CASE WHEN m.umuser = 0 THEN 'PUBLIC' WHEN m.usename = current_user THEN 'CURRENT_USER'
               ELSE quote_ident(m.usename) END || ' SERVER ' || quote_ident(m.srvname) AS name
) parts
WHERE m.umid >= 16384
