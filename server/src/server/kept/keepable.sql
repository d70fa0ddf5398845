-- What a copy of the data folder needs to know, if it has everything that a session of the connected database sees: nothing of the
-- session that migrated it, and nothing outside of the folder.
SELECT d.oid::pg_catalog.int8 AS database,
    (SELECT c.redo_wal_file FROM pg_catalog.pg_control_checkpoint() c) AS first_segment,
    pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()) AS last_segment,
    (SELECT f.setting FROM pg_catalog.pg_config f WHERE f.name OPERATOR(pg_catalog.=) 'SHAREDIR') AS share,
    (SELECT f.setting FROM pg_catalog.pg_config f WHERE f.name OPERATOR(pg_catalog.=) 'PKGLIBDIR') AS library
FROM pg_catalog.pg_database d
WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    -- pg_default and pg_global: the folder of any other is elsewhere.
    AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_tablespace) OPERATOR(pg_catalog.=) 2
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_replication_slots)
    -- A temporary object ends with its session.
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relpersistence OPERATOR(pg_catalog.=) 't')
    -- ALTER SYSTEM, which a server reads when it starts.
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_file_settings s
        WHERE s.sourcefile OPERATOR(pg_catalog.~~) '%postgresql.auto.conf')
    -- Databases besides this one are left out: template1, template0.
    AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_database) OPERATOR(pg_catalog.=) 3
