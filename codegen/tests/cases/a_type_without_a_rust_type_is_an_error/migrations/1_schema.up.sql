CREATE TABLE shapes (id bigint PRIMARY KEY, shape polygon NOT NULL);
