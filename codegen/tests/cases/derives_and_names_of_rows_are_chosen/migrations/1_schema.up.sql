CREATE TYPE role AS ENUM ('user', 'admin');
CREATE TYPE price AS (amount numeric, at timestamptz);
CREATE TABLE users (
    id bigint PRIMARY KEY,
    created_at timestamptz NOT NULL,
    born date,
    full_name text NOT NULL,
    hashed_password text,
    role role NOT NULL,
    nicks text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users,
    total numeric NOT NULL,
    paid_at timestamp,
    price price
);
