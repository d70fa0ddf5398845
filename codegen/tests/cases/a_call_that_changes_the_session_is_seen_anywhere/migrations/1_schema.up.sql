CREATE TABLE a (id bigint PRIMARY KEY, list integer[]);
