CREATE DOMAIN filled AS text NOT NULL;
CREATE TABLE people (id bigint PRIMARY KEY, motto filled DEFAULT 'x', nick text);
