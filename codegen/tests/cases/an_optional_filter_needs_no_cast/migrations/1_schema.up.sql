CREATE TABLE notes (id bigint PRIMARY KEY, kind text NOT NULL, priority integer NOT NULL, at timestamptz NOT NULL);
