-- Publications with all they publish. Generated columns came with Postgres 18, hence by name.
SELECT p.oid, '' AS schema, p.pubname::text AS name, quote_ident(p.pubname) AS sql,
       quote_ident(nullif(pg_get_userbyid(p.pubowner), current_user)) AS owner,
       'CREATE PUBLICATION ' || quote_ident(p.pubname)
       || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE coalesce(E' FOR\n    ' || nullif(concat_ws(E',\n    ',
           (
               SELECT string_agg('TABLE ' || CASE
                       -- `relhassubclass` stays true after the last child table is dropped.
                       WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid) THEN 'ONLY ' ELSE '' END
                   || c.oid::regclass || coalesce(' (' || (
                       SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                       FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])
                   ) || ')', '') || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid, true) || ')', ''),
                   E',\n    ' ORDER BY c.oid::regclass::text COLLATE "C")
               FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid
               WHERE r.prpubid = p.oid
           ),
           (
               SELECT string_agg('TABLES IN SCHEMA ' || quote_ident(n.nspname), E',\n    ' ORDER BY n.nspname)
               FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid
               WHERE s.pnpubid = p.oid
           )
       ), ''), '') END
       || coalesce(' WITH (' || nullif(concat_ws(', ',
           CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN 'publish = '
               || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                   CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)) END,
           CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
           CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'publish_generated_columns = stored' END
       ), '') || ')', '') AS definition,
       NULL AS alteration
FROM pg_publication p
WHERE p.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype = 'e'
  )
