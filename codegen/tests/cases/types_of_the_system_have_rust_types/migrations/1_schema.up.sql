CREATE TYPE float_range AS RANGE (subtype = float8);
CREATE DOMAIN log_position AS pg_lsn;
CREATE TABLE things (
    transaction xid NOT NULL,
    transaction8 xid8 NOT NULL,
    command cid NOT NULL,
    snapshot pg_snapshot NOT NULL DEFAULT '10:20:10,14',
    position pg_lsn NOT NULL,
    address macaddr8 NOT NULL,
    path jsonpath NOT NULL,
    search tsquery NOT NULL,
    portal refcursor NOT NULL,
    span float_range NOT NULL,
    positions log_position[] NOT NULL,
    searches tsquery[],
    spans float_range[]
);
