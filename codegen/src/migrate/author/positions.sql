-- The last value of each sequence that gave one.
SELECT
    pg_catalog.quote_ident(s.schemaname::pg_catalog.text) OPERATOR(pg_catalog.||) '.'
        OPERATOR(pg_catalog.||) pg_catalog.quote_ident(s.sequencename::pg_catalog.text),
    s.last_value
FROM pg_catalog.pg_sequences s
WHERE s.last_value IS NOT NULL
ORDER BY 1
