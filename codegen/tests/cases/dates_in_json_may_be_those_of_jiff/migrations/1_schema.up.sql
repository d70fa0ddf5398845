CREATE TABLE trips (id bigint PRIMARY KEY, day date NOT NULL, at timestamptz NOT NULL, local timestamp, days date[] NOT NULL DEFAULT '{}', note text);
