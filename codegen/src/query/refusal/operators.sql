-- The types on the right of an operator whose left type is given, whether the right type that was written can be cast to the left,
-- and all types on its left.
SELECT COALESCE(pg_catalog.array_agg(DISTINCT pg_catalog.format_type(o.oprright, NULL)
                                     ORDER BY pg_catalog.format_type(o.oprright, NULL))
                    FILTER (WHERE o.oprleft OPERATOR(pg_catalog.=) pg_catalog.to_regtype($2)), '{}') AS types,
       EXISTS (SELECT
               FROM pg_catalog.pg_cast c
               WHERE c.castsource OPERATOR(pg_catalog.=) pg_catalog.to_regtype($3)
                 AND c.casttarget OPERATOR(pg_catalog.=) pg_catalog.to_regtype($2))
           -- Text is cast to any type by its input function.
           OR $3 OPERATOR(pg_catalog.=) ANY (ARRAY['text', 'character varying']) AS castable,
       COALESCE(pg_catalog.array_agg(DISTINCT pg_catalog.format_type(o.oprleft, NULL)
                                     ORDER BY pg_catalog.format_type(o.oprleft, NULL)), '{}') AS lefts
FROM pg_catalog.pg_operator o
WHERE o.oprname OPERATOR(pg_catalog.=) $1::name
  AND o.oprleft OPERATOR(pg_catalog.<>) 0
