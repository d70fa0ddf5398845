-- What an object that schema.sql represents may have and schema.sql does not say.
SELECT 'tablespace of ' AS prefix, 'pg_class' AS class, c.oid, 0 AS part
FROM pg_class c
-- A partitioned table and index has no rows to store, and its tablespace is that of new partitions.
WHERE c.reltablespace <> 0 AND c.relkind IN ('r', 'm', 'i', 'p', 'I') AND c.oid >= 16384
UNION ALL
SELECT 'replica identity of ', 'pg_class', c.oid, 0
FROM pg_class c
WHERE c.relkind = 'm' AND c.relreplident NOT IN ('d', 'n') AND c.oid >= 16384
UNION ALL
SELECT 'disabled foreign key trigger of ', 'pg_class', t.tgrelid, 0
FROM pg_trigger t
WHERE t.tgisinternal AND t.tgconstraint <> 0 AND t.tgenabled <> 'O' AND t.oid >= 16384
  -- A partition has the user's constraint triggers too, as internal ones.
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.oid = t.tgconstraint AND c.contype = 't')
UNION ALL
-- A key of the partitioned table alone (ALTER TABLE ONLY), until each partition has attached one of its own. CREATE TABLE and
-- ATTACH PARTITION would give each of them one.
SELECT 'not valid ', 'pg_constraint', c.oid, 0
FROM pg_constraint c JOIN pg_index i ON i.indexrelid = c.conindid
WHERE c.contype IN ('p', 'u', 'x') AND NOT i.indisvalid AND c.oid >= 16384
UNION ALL
-- Postgres 15 leaves a child table its plain column where the parent gets a generated one, and creates no such table.
SELECT 'plain ', 'pg_class', a.attrelid, a.attnum
FROM pg_attribute a
JOIN pg_inherits h ON h.inhrelid = a.attrelid
JOIN pg_attribute p ON p.attrelid = h.inhparent AND p.attname = a.attname AND p.attgenerated <> ''
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attrelid >= 16384
UNION ALL
-- Postgres prints all of them as the same empty name.
SELECT 'unnamed arguments of ', 'pg_proc', p.oid, 0
FROM pg_proc p
WHERE p.prosqlbody IS NOT NULL AND p.oid >= 16384
  AND 1 < (
      SELECT count(DISTINCT m[1]) FROM regexp_matches(p.prosqlbody::text, ':paramkind 0 :paramid ([0-9]+) ', 'g') m
      WHERE p.proargnames[m[1]::int4] = ''
  )
  AND NOT EXISTS (
      SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'
  )
UNION ALL
-- A role that was a superuser when it became the owner. ALTER … OWNER TO takes superusers alone for these kinds.
SELECT 'owner of ', o.class::regclass::text, o.oid, 0
FROM (
    SELECT 'pg_foreign_data_wrapper'::regclass::oid, oid, fdwowner FROM pg_foreign_data_wrapper
    UNION ALL SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger
) o (class, oid, owner)
JOIN pg_roles r ON r.oid = o.owner AND NOT r.rolsuper
WHERE o.oid >= 16384
  AND (o.class, o.oid) NOT IN (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
-- Its name is printed without the schema, and would be another one elsewhere.
UNION ALL
SELECT '', 'pg_class', c.oid, 0
FROM pg_class c
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relnamespace = 'pg_catalog'::regnamespace
  AND NOT EXISTS (
      SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
UNION ALL
SELECT '', 'pg_type', t.oid, 0
FROM pg_type t
WHERE t.oid >= 16384 AND t.typtype IN ('c', 'd', 'e', 'r') AND t.typnamespace = 'pg_catalog'::regnamespace
  AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
  AND NOT EXISTS (
      SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
UNION ALL
SELECT 'security label of ', l.classoid::regclass::text, l.objoid, l.objsubid
FROM pg_seclabel l
