-- Whether CREATE DATABASE … TEMPLATE copies everything of the connected database that sessions, the schema or the dump could show. It
-- leaves out the row of pg_database and everything that shared catalogs have of the database
-- (https://www.postgresql.org/docs/current/manage-ag-templatedbs.html). Settings of the superuser hold for each new session of it, and not
-- for the one that ran the migrations.
SELECT d.datname OPERATOR(pg_catalog.=) 'postgres'
    AND r.rolname OPERATOR(pg_catalog.=) 'postgres'
    AND r.rolsuper AND r.rolcanlogin
    AND d.datdba OPERATOR(pg_catalog.=) r.oid
    AND d.datacl IS NULL
    AND d.datconnlimit OPERATOR(pg_catalog.=) -1
    AND d.dattablespace OPERATOR(pg_catalog.=) (
        SELECT t.oid FROM pg_catalog.pg_tablespace t WHERE t.spcname OPERATOR(pg_catalog.=) 'pg_default')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_db_role_setting s
        WHERE s.setdatabase OPERATOR(pg_catalog.<>) 0 OR s.setrole OPERATOR(pg_catalog.=) ANY (ARRAY[0::pg_catalog.oid, r.oid]))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_shdescription c WHERE c.objoid OPERATOR(pg_catalog.=) d.oid
        AND c.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_shseclabel l WHERE l.objoid OPERATOR(pg_catalog.=) d.oid
        AND l.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_subscription s WHERE s.subdbid OPERATOR(pg_catalog.=) d.oid)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_prepared_xacts)
FROM pg_catalog.pg_database d, pg_catalog.pg_roles r
WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database() AND r.oid OPERATOR(pg_catalog.=) 10
