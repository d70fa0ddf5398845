SELECT t.oid, t.tgrelid AS relation, t.tgname::text AS name, quote_ident(t.tgname) AS sql,
       pg_get_triggerdef(t.oid, true) AS definition,
       CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' END
           AS state
FROM pg_trigger t
JOIN pg_class r ON r.oid = t.tgrelid AND r.relkind IN ('r', 'p', 'v', 'f')
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.oid >= 16384
