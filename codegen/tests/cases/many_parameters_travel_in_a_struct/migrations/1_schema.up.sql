CREATE TABLE events (
    a bigint NOT NULL,
    b text NOT NULL,
    c boolean NOT NULL,
    d timestamptz NOT NULL,
    e jsonb NOT NULL,
    f bytea
);
