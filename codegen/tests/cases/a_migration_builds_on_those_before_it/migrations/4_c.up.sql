-- depends: 4
CREATE TABLE c (id bigint PRIMARY KEY);
