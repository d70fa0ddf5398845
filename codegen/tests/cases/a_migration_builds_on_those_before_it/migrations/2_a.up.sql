-- depends: 7
CREATE TABLE a (id bigint PRIMARY KEY);
