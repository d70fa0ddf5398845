-- depends: notes
CREATE TABLE d (id bigint PRIMARY KEY);
