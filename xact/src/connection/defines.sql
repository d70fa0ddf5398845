-- Whether this transaction changed a catalog that session/environment.sql reads. Counters of the session cost less than reading those
-- catalogs; where they are switched off, the answer is yes.
NOT pg_catalog.current_setting('track_counts')::pg_catalog.bool
OR EXISTS (
    SELECT FROM pg_catalog.unnest(ARRAY[
        'pg_catalog.pg_proc', 'pg_catalog.pg_class', 'pg_catalog.pg_depend', 'pg_catalog.pg_rewrite', 'pg_catalog.pg_policy',
        'pg_catalog.pg_inherits', 'pg_catalog.pg_constraint', 'pg_catalog.pg_attrdef', 'pg_catalog.pg_trigger',
        'pg_catalog.pg_type', 'pg_catalog.pg_index'
    ]::pg_catalog.regclass[]) AS catalog (id)
    WHERE pg_catalog.pg_stat_get_xact_tuples_inserted(catalog.id) OPERATOR(pg_catalog.<>) 0
        OR pg_catalog.pg_stat_get_xact_tuples_updated(catalog.id) OPERATOR(pg_catalog.<>) 0
        OR pg_catalog.pg_stat_get_xact_tuples_deleted(catalog.id) OPERATOR(pg_catalog.<>) 0
) AS defines
