CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    local timestamp NOT NULL,
    day date NOT NULL,
    hour time NOT NULL,
    price numeric,
    ended timestamptz,
    days date[] NOT NULL
);
CREATE TABLE stays (id bigint PRIMARY KEY, nights daterange NOT NULL, valid_until date NOT NULL);
