-- Runs statements as one identity, each in a subtransaction that is rolled back, and gives back everything that a caller
-- would see, with the rows that were there before and are not (`lost`) and those that are there now (`added`).
--
-- `prologue` takes the role and the settings, as the runtime's BEGIN message does. `before` runs first and as
-- another identity, if it is not empty: the transaction of another tenant on the same connection. SET CONSTRAINTS makes deferred
-- constraints speak. PL/pgSQL's variables keep their values over the rollback of a subtransaction ("Trapping Errors").
CREATE FUNCTION pg_temp.xact_probe(prologue text[], before text[], statements text[], with_rows boolean[], watched boolean[])
RETURNS TABLE (number int4, state text, error text, answer text, affected int8, peeked text, lost text[], added text[])
LANGUAGE plpgsql AS $$
DECLARE
    step text;
    entry record;
    message text; detail text; hint text; context text;
BEGIN
    FOR i IN 1 .. pg_catalog.cardinality(statements) LOOP
        number := i; state := '00000'; error := ''; answer := ''; affected := 0; peeked := '';
        lost := '{}'; added := '{}';
        BEGIN
            PERFORM pg_catalog.set_config('xact.peeked', '', true);
            BEGIN
                IF before[i] IS NOT NULL THEN
                    FOREACH step IN ARRAY pg_catalog.string_to_array(before[i], E'\x01') LOOP
                        EXECUTE step;
                    END LOOP;
                    PERFORM pg_catalog.set_config('xact.peeked', '', true);
                END IF;
                FOREACH step IN ARRAY prologue LOOP
                    EXECUTE step;
                END LOOP;
                IF with_rows[i] THEN
                    FOR entry IN EXECUTE statements[i] LOOP
                        affected := affected OPERATOR(pg_catalog.+) 1;
                        IF affected OPERATOR(pg_catalog.<=) 500 THEN
                            answer := pg_catalog.concat(answer, entry::pg_catalog.text, E'\n');
                        END IF;
                    END LOOP;
                ELSE
                    EXECUTE statements[i];
                    GET DIAGNOSTICS affected = ROW_COUNT;
                END IF;
                SET CONSTRAINTS ALL IMMEDIATE;
            EXCEPTION WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
                    detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT, context = PG_EXCEPTION_CONTEXT;
                -- The context has the statement's own text, which is no answer.
                error := pg_catalog.concat_ws(E'\n', message, nullif(detail, ''), nullif(hint, ''));
            END;
            SET LOCAL ROLE NONE;
            peeked := pg_catalog.current_setting('xact.peeked', true);
            IF watched[i] AND state OPERATOR(pg_catalog.=) '00000' THEN
                WITH now AS MATERIALIZED (SELECT n.relation, n.entry, n.cells FROM pg_temp.xact_now() n)
                SELECT coalesce((
                    SELECT pg_catalog.array_agg(s.entry) FROM pg_temp.xact_before s
                    WHERE NOT EXISTS (
                        SELECT FROM now n
                        WHERE n.relation OPERATOR(pg_catalog.=) s.relation AND n.entry OPERATOR(pg_catalog.=) s.entry)), '{}'),
                coalesce((
                    SELECT pg_catalog.array_agg(pg_catalog.json_build_array(n.relation, n.cells)::pg_catalog.text) FROM now n
                    WHERE NOT EXISTS (
                        SELECT FROM pg_temp.xact_before s
                        WHERE n.relation OPERATOR(pg_catalog.=) s.relation AND n.entry OPERATOR(pg_catalog.=) s.entry)), '{}')
                INTO lost, added;
            END IF;
            RAISE SQLSTATE 'XA000';
        EXCEPTION
            WHEN SQLSTATE 'XA000' THEN
                NULL;
        END;
        IF before[i] IS NOT NULL THEN
            -- Prepared statements outlive the rollback.
            BEGIN
                DEALLOCATE xact_plan;
            EXCEPTION WHEN invalid_sql_statement_name THEN
                NULL;
            END;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Notes every value that it is given. A condition that is this cheap runs before those of a view without
-- `security_barrier` ("Rules and Privileges"), and IMMUTABLE lets the planner move it.
CREATE FUNCTION pg_temp.xact_peek(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE COST 0.0000000001 AS $$
BEGIN
    PERFORM pg_catalog.set_config('xact.peeked',
        pg_catalog.concat(pg_catalog.current_setting('xact.peeked', true), ' ', value), true);
    RETURN true;
END
$$;
