CREATE TYPE stay AS (words tsvector, day date, at timestamptz, prices numeric[], all_words tsvector[], days daterange);
CREATE TABLE trips (
    id bigint PRIMARY KEY,
    stay stay NOT NULL,
    stays stay[],
    day date NOT NULL,
    at timestamptz NOT NULL,
    local timestamp,
    days date[] NOT NULL DEFAULT '{}'
);
