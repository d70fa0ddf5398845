-- The functions and procedures that a role may call, without those of Postgres and of extensions, and without triggers.
SELECT p.oid::regprocedure::text AS name,
       quote_ident(n.nspname) || '.' || quote_ident(p.proname) AS called,
       p.prokind::text AS kind, p.proretset AS is_set,
       -- Those in front of WITHIN GROUP, of an ordered-set aggregate.
       (SELECT a.aggnumdirectargs FROM pg_aggregate a WHERE a.aggfnoid = p.oid AND a.aggkind <> 'n') AS direct,
       coalesce((SELECT array_agg(format_type(t.type, NULL) ORDER BY t.place)
                 FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t(type, place)), '{}') AS types,
       coalesce((SELECT array_agg(t.type::int8 ORDER BY t.place)
                 FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY t(type, place)), '{}') AS oids,
       coalesce(p.proargnames, '{}') AS names,
       coalesce(pg_get_function_sqlbody(p.oid), p.prosrc, '') AS body,
       EXISTS (SELECT FROM pg_type r WHERE r.oid = p.prorettype AND r.typname IN ('record', 'void')) AS is_plain
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
CROSS JOIN (SELECT coalesce($1::text, current_user::text)::name AS name) r
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\_temp\_%'
  AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  AND has_function_privilege(r.name, p.oid, 'EXECUTE')
  AND has_schema_privilege(r.name, n.oid, 'USAGE')
ORDER BY 1
