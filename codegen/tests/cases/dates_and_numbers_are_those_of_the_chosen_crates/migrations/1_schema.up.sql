CREATE TYPE visit AS (day date, at timestamptz, price numeric);
CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    local timestamp NOT NULL,
    day date NOT NULL,
    hour time NOT NULL,
    price numeric NOT NULL,
    ended timestamptz,
    days date[] NOT NULL CHECK (array_position(days, NULL) IS NULL),
    prices numeric[] NOT NULL,
    during tstzrange NOT NULL,
    costs numrange,
    visit visit,
    valid_until timestamptz NOT NULL
);
