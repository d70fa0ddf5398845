-- Attempts statements as the current role, and gives back the errors of Postgres.
--
-- Privileges are checked when an executor starts, not when a statement is prepared: so each is
-- prepared and explained, with a plan for any arguments, and never run. A statement without
-- `arguments` is a utility, which can only be run: its effects are undone by the exception.
-- `types` are those that PREPARE declares. `context` names the functions that the error was raised in.
CREATE FUNCTION pg_temp.xact_attempt(statements text[], types text[], arguments text[])
RETURNS TABLE (number int4, state text, message text, planned boolean, context text)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. pg_catalog.cardinality(statements) LOOP
        planned := false;
        BEGIN
            IF arguments[i] IS NULL THEN
                EXECUTE statements[i];
            ELSE
                EXECUTE pg_catalog.concat('PREPARE xact_attempt', types[i], ' AS ', statements[i]);
                planned := true;
                EXECUTE pg_catalog.concat('EXPLAIN EXECUTE xact_attempt', arguments[i]);
                DEALLOCATE xact_attempt;
            END IF;
            RAISE SQLSTATE 'XA000';
        EXCEPTION
            WHEN SQLSTATE 'XA000' THEN
                NULL;
            WHEN OTHERS THEN
                number := i;
                state := SQLSTATE;
                message := SQLERRM;
                GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
                -- The rest is this function.
                context := pg_catalog.split_part(context, 'SQL statement "EXPLAIN EXECUTE xact_attempt', 1);
                RETURN NEXT;
                -- Prepared statements outlive the rollback.
                BEGIN
                    DEALLOCATE xact_attempt;
                EXCEPTION WHEN invalid_sql_statement_name THEN
                    NULL;
                END;
        END;
    END LOOP;
END
$$
