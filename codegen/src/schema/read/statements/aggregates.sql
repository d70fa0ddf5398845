SELECT p.oid, n.nspname::text AS schema, p.proname::text AS name, p.oid::regprocedure::text AS sql,
       quote_ident(nullif(pg_get_userbyid(p.proowner), current_user)) AS owner,
       'CREATE AGGREGATE ' || p.oid::regproc || '('
       || coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || E') (\n    ' || concat_ws(E',\n    ',
           'SFUNC = ' || a.aggtransfn::regproc,
           'STYPE = ' || format_type(a.aggtranstype, NULL),
           CASE WHEN a.aggtransspace <> 0 THEN 'SSPACE = ' || a.aggtransspace END,
           CASE WHEN a.aggfinalfn <> 0 THEN 'FINALFUNC = ' || a.aggfinalfn::regproc END,
           CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
           CASE a.aggfinalmodify WHEN CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char" THEN NULL
               WHEN 'r' THEN 'FINALFUNC_MODIFY = READ_ONLY' WHEN 's' THEN 'FINALFUNC_MODIFY = SHAREABLE'
               WHEN 'w' THEN 'FINALFUNC_MODIFY = READ_WRITE' END,
           CASE WHEN a.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || a.aggcombinefn::regproc END,
           CASE WHEN a.aggserialfn <> 0 THEN 'SERIALFUNC = ' || a.aggserialfn::regproc END,
           CASE WHEN a.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || a.aggdeserialfn::regproc END,
           'INITCOND = ' || quote_literal(a.agginitval),
           CASE WHEN a.aggmtransfn <> 0 THEN 'MSFUNC = ' || a.aggmtransfn::regproc END,
           CASE WHEN a.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || a.aggminvtransfn::regproc END,
           CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
           CASE WHEN a.aggmtransspace <> 0 THEN 'MSSPACE = ' || a.aggmtransspace END,
           CASE WHEN a.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || a.aggmfinalfn::regproc END,
           CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
           CASE WHEN a.aggmtransfn <> 0 THEN CASE a.aggmfinalmodify WHEN 's' THEN 'MFINALFUNC_MODIFY = SHAREABLE'
               WHEN 'w' THEN 'MFINALFUNC_MODIFY = READ_WRITE' END END,
           'MINITCOND = ' || quote_literal(a.aggminitval),
           (SELECT 'SORTOP = OPERATOR(' || quote_ident(s.nspname) || '.' || o.oprname || ')'
            FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
           CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END,
           CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END
       ) || E'\n)' AS definition,
       NULL AS alteration
FROM pg_proc p
JOIN pg_aggregate a ON a.aggfnoid = p.oid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= 16384
  AND NOT EXISTS (
      SELECT FROM pg_depend e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'
  )
