-- The table of migrations as SQL, with its schema, where the search path finds it.
SELECT pg_catalog.quote_ident(n.nspname::pg_catalog.text) OPERATOR(pg_catalog.||) '.'
    OPERATOR(pg_catalog.||) pg_catalog.quote_ident(c.relname::pg_catalog.text)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('_sqlx_migrations')
