-- Tables, other than those of labels, whose key is not: id TEXT COLLATE "C" DEFAULT generate_id('xxx') CHECK (id LIKE 'xxx\_%').
SELECT c.relname || ': ' || COALESCE(pg_get_expr(d.adbin, d.adrelid), 'no id')
FROM pg_class c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
    AND a.atttypid = 'text'::regtype AND a.attcollation = '"C"'::regcollation AND a.attnotnull
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND c.relname NOT LIKE '%\_enum' AND c.relname <> '_sqlx_migrations'
  AND NOT (
    EXISTS (
        SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p' AND k.conkey = ARRAY[a.attnum]
    ) AND EXISTS (
        SELECT FROM regexp_matches(pg_get_expr(d.adbin, d.adrelid), '^generate_id\(''([a-z]{3})''::text\)$') AS prefix
        JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c'
            AND pg_get_constraintdef(k.oid) = format('CHECK ((id ~~ ''%s\_%%''::text))', prefix[1])
    )
  ) IS TRUE
ORDER BY 1;
