CREATE TYPE span AS (since timestamptz, until timestamptz);
CREATE TABLE stays (id bigint PRIMARY KEY, length interval NOT NULL);
CREATE TABLE trips (id bigint PRIMARY KEY, span span NOT NULL);
