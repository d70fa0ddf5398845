CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE TYPE measured AS (span float_range);
CREATE TABLE things (id bigint PRIMARY KEY, span float_range NOT NULL, spans float_range[] NOT NULL, measured measured);
