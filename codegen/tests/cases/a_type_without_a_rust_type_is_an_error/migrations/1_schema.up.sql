CREATE TABLE notes (id bigint PRIMARY KEY, words pg_snapshot NOT NULL, days datemultirange NOT NULL);
CREATE TABLE searches (id bigint PRIMARY KEY, "order" pg_snapshot NOT NULL);
