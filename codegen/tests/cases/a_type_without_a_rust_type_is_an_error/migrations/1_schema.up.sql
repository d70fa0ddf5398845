CREATE TABLE notes (id bigint PRIMARY KEY, words txid_snapshot NOT NULL, days datemultirange NOT NULL);
CREATE TABLE searches (id bigint PRIMARY KEY, "order" txid_snapshot NOT NULL);
