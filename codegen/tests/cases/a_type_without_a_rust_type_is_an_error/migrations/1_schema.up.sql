CREATE TABLE notes (id bigint PRIMARY KEY, words tsquery NOT NULL, days datemultirange NOT NULL);
CREATE TABLE searches (id bigint PRIMARY KEY, "order" tsquery NOT NULL);
