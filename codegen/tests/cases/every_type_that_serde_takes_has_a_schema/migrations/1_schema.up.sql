CREATE TYPE size AS ENUM ('small', 'very large');
CREATE TYPE price AS (amount numeric, at timestamptz, since date);
CREATE TABLE things (
    id uuid PRIMARY KEY,
    parent_id uuid REFERENCES things,
    is_open boolean NOT NULL,
    letter "char" NOT NULL,
    tiny smallint NOT NULL,
    small integer NOT NULL,
    large bigint NOT NULL,
    near real NOT NULL,
    nearer double precision NOT NULL,
    exact numeric NOT NULL,
    note text,
    bytes bytea NOT NULL,
    key uuid NOT NULL,
    day date NOT NULL,
    time time NOT NULL,
    local timestamp NOT NULL,
    moment timestamptz NOT NULL,
    ended timestamptz,
    data jsonb NOT NULL,
    host inet NOT NULL,
    card macaddr NOT NULL,
    size size NOT NULL,
    price price NOT NULL,
    tags text[] NOT NULL,
    keys uuid[] NOT NULL,
    moments timestamptz[] NOT NULL,
    prices price[] NOT NULL
);
CREATE TABLE offers (
    id bigint PRIMARY KEY,
    valid_until timestamptz NOT NULL,
    valid_on date,
    score double precision NOT NULL,
    note text NOT NULL,
    scores real[] NOT NULL CHECK (array_position(scores, NULL) IS NULL)
);
