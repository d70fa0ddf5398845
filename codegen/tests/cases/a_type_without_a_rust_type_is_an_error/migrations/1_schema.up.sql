CREATE TABLE notes (id bigint PRIMARY KEY, words tsquery NOT NULL, days datemultirange NOT NULL);
