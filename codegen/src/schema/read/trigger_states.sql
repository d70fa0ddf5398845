-- Triggers that partitions have from their table, and that fire otherwise than the table's.
SELECT t.tgrelid AS relation, quote_ident(t.tgname) AS sql,
       CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS'
           ELSE 'ENABLE' END AS state
FROM pg_trigger t
JOIN pg_trigger p ON p.oid = t.tgparentid
LEFT JOIN pg_constraint c ON c.oid = t.tgconstraint
WHERE coalesce(c.contype, 't') = 't' AND t.tgenabled <> p.tgenabled AND t.oid >= 16384
ORDER BY t.tgname COLLATE "C"
