SELECT t.oid, '' AS schema, t.evtname::text AS name, quote_ident(t.evtname) AS sql,
       quote_ident(nullif(pg_get_userbyid(t.evtowner), current_user)) AS owner,
       'CREATE EVENT TRIGGER ' || quote_ident(t.evtname) || ' ON ' || t.evtevent
       || coalesce(' WHEN TAG IN (' || (
           SELECT string_agg(quote_literal(tag.name), ', ' ORDER BY tag.place)
           FROM unnest(t.evttags) WITH ORDINALITY AS tag (name, place)
       ) || ')', '')
       || ' EXECUTE FUNCTION ' || t.evtfoid::regproc || '()' AS definition,
       'ALTER EVENT TRIGGER ' || quote_ident(t.evtname)
       || CASE t.evtenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' WHEN 'A' THEN ' ENABLE ALWAYS' END
       AS alteration
FROM pg_event_trigger t
WHERE t.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
