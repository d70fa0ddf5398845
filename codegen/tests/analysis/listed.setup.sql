-- Says what a call gives: `null`, `value`, or the error.
CREATE TYPE letter AS ENUM ('a', 'b');
CREATE SEQUENCE numbers;
SELECT nextval('numbers');
CREATE FUNCTION attempt(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE is_null boolean;
BEGIN
    -- Not by IS NULL, which a row of NULLs passes as well.
    EXECUTE 'SELECT num_nulls(' || call || ') = 1' INTO is_null;
    RETURN CASE WHEN is_null THEN 'null' ELSE 'value' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END $$;
