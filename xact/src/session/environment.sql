-- Whether the connection is direct, and a fingerprint of all that reach.sql reads: it differs after any change of them.
--
-- It is read often, so it hashes row versions instead of contents. Objects that every temporary table has are left out.
SELECT
    -- A pooler gives prepared statements names of its own, so a name of sqlx's shows that there is none.
    EXISTS (
        SELECT FROM pg_prepared_statement()
        WHERE name LIKE 'sqlx\_s\_%' AND statement LIKE '-- Whether the connection is direct%' AND NOT from_sql
    ) AS direct,
    concat_ws(' ',
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 0)) FROM pg_proc WHERE oid >= 16384),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 1)) FROM pg_class
            WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relpersistence <> 't'),
        -- Whatever runs a function of the project depends on it: triggers, defaults, operators, types.
        (SELECT bit_xor(hash_record_extended(ROW(classid, objid, xmin), 2)) FROM pg_depend
            WHERE refclassid = 'pg_proc'::regclass),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 3)) FROM pg_rewrite WHERE oid >= 16384),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 4)) FROM pg_policy),
        (SELECT bit_xor(hash_record_extended(ROW(inhrelid, xmin), 5)) FROM pg_inherits),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 6)) FROM pg_constraint
            WHERE oid >= 16384 AND contype IN ('f', 'c', 't')),
        -- Nothing depends on a function of Postgres itself.
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 7)) FROM pg_attrdef),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 8)) FROM pg_trigger WHERE tgqual IS NOT NULL),
        (SELECT bit_xor(hash_record_extended(ROW(oid, xmin), 9)) FROM pg_type
            WHERE oid >= 16384 AND typdefaultbin IS NOT NULL),
        (SELECT bit_xor(hash_record_extended(ROW(indexrelid, xmin), 10)) FROM pg_index
            WHERE indexprs IS NOT NULL OR indpred IS NOT NULL)
    ) AS fingerprint
