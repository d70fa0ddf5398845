-- Every sequence, with the options that differ from those `CREATE SEQUENCE` would choose.
SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.oid::regclass::text AS sql,
       quote_ident(nullif(pg_get_userbyid(c.relowner), current_user)) AS owner,
       format_type(s.seqtypid, NULL) AS data_type,
       c.relpersistence = 'u' AS unlogged,
       concat_ws(' ',
           CASE WHEN s.seqincrement <> 1 THEN 'INCREMENT BY ' || s.seqincrement END,
           CASE WHEN s.seqmin <> usual.low THEN 'MINVALUE ' || s.seqmin END,
           CASE WHEN s.seqmax <> usual.high THEN 'MAXVALUE ' || s.seqmax END,
           CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
               THEN 'START WITH ' || s.seqstart END,
           CASE WHEN s.seqcache <> 1 THEN 'CACHE ' || s.seqcache END,
           CASE WHEN s.seqcycle THEN 'CYCLE' END
       ) AS options,
       d.refobjid AS table_oid, a.attnum AS part, d.deptype = 'i' AS is_identity,
       d.refobjid::regclass::text AS owned_table, quote_ident(a.attname) AS owned_column,
       o.relnamespace = c.relnamespace AND c.relname = o.relname || '_' || a.attname || '_seq' AS named_as_serial
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_sequence s ON s.seqrelid = c.oid
CROSS JOIN LATERAL (
    SELECT CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647
               ELSE 9223372036854775807 END AS top
) type
CROSS JOIN LATERAL (
    SELECT CASE WHEN s.seqincrement > 0 THEN 1 ELSE -type.top - 1 END AS low,
           CASE WHEN s.seqincrement > 0 THEN type.top ELSE -1 END AS high
) usual
LEFT JOIN pg_depend d
    ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
LEFT JOIN pg_class o ON o.oid = d.refobjid
WHERE c.oid >= 16384 AND c.relpersistence <> 't'
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
