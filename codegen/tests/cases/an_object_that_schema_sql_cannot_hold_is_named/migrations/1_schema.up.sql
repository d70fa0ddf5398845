CREATE TABLE notes (
    id bigint PRIMARY KEY,
    title text NOT NULL,
    body text
);
CREATE LANGUAGE other HANDLER plpgsql_call_handler;
SELECT lo_create(424242);
