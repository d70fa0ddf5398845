-- The privileges that a role lacks, of those that queries need: on a relation, or only on some of
-- its columns. A needed column is a number; -1 is any column, 0 all of them.
SELECT n.number,
       n.relation::pg_catalog.regclass::text AS relation,
       n.privilege,
       -- Without a privilege on any column there is no need to name columns.
       CASE WHEN n.privilege <> 'DELETE'
             AND pg_catalog.has_any_column_privilege(n.role, n.relation, n.privilege)
            THEN pg_catalog.array_agg(DISTINCT a.attname::text) END AS columns
FROM ROWS FROM (
         pg_catalog.unnest($1::int4[]), pg_catalog.unnest($2::text[]),
         pg_catalog.unnest($3::pg_catalog.oid[]), pg_catalog.unnest($4::text[]),
         pg_catalog.unnest($5::int2[]))
     AS n (number, role, relation, privilege, wanted)
LEFT JOIN pg_catalog.pg_attribute a
       ON a.attrelid = n.relation AND NOT a.attisdropped AND n.privilege <> 'DELETE'
      AND (a.attnum = n.wanted AND n.wanted > 0 OR n.wanted = 0 AND a.attnum > 0)
WHERE NOT pg_catalog.has_table_privilege(n.role, n.relation, n.privilege)
  AND CASE WHEN n.privilege = 'DELETE' THEN true
           WHEN n.wanted < 0
           THEN NOT pg_catalog.has_any_column_privilege(n.role, n.relation, n.privilege)
           ELSE NOT pg_catalog.has_column_privilege(n.role, n.relation, a.attnum, n.privilege) END
GROUP BY n.number, n.role, n.relation, n.privilege
ORDER BY n.number, relation, n.privilege
