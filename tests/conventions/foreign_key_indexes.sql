-- Foreign keys whose columns, in any order, are not the first of a valid index of the whole table.
SELECT k.conrelid::regclass || ': ' || pg_get_constraintdef(k.oid)
FROM pg_constraint k
WHERE k.contype = 'f' AND NOT EXISTS (
    SELECT FROM pg_index i
    WHERE i.indrelid = k.conrelid AND i.indisvalid AND i.indpred IS NULL
      AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
)
ORDER BY 1;
