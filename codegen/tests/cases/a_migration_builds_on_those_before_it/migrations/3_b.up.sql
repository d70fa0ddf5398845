-- depends: 1 4
CREATE TABLE b (id bigint PRIMARY KEY);
