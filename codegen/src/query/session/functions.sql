-- Functions: where each is defined, and its body as far as Postgres keeps it. Of Postgres's own functions, only those that are looked for.
SELECT p.oid::int8 AS oid,
       n.nspname::text AS schema,
       p.proname::text AS name,
       p.oid < 16384 OR l.lanname IN ('c', 'internal') AS compiled,
       l.lanname = 'sql' AS is_sql,
       p.prosrc::text AS source,
       (SELECT pg_catalog.array_agg(f.oid::int8)
        FROM pg_catalog.pg_aggregate a
        CROSS JOIN LATERAL (VALUES (a.aggtransfn::oid), (a.aggfinalfn::oid), (a.aggcombinefn::oid), (a.aggmtransfn::oid),
                                   (a.aggminvtransfn::oid), (a.aggmfinalfn::oid)) f(oid)
        WHERE a.aggfnoid = p.oid AND f.oid <> 0) AS parts
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid = ANY ($1::oid[]) AND (p.oid >= 16384 OR p.proname::text = ANY ($2::text[]))
