-- pair: unlogged pair
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int REFERENCES a);
-- becomes
CREATE UNLOGGED TABLE a (id int PRIMARY KEY);
CREATE UNLOGGED TABLE b (id int REFERENCES a);

-- pair: unlogged chain
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY REFERENCES c);
CREATE TABLE b (id int PRIMARY KEY REFERENCES a, up int REFERENCES b);
-- becomes
CREATE UNLOGGED TABLE c (id int PRIMARY KEY);
CREATE UNLOGGED TABLE a (id int PRIMARY KEY REFERENCES c);
CREATE UNLOGGED TABLE b (id int PRIMARY KEY REFERENCES a, up int REFERENCES b);

-- pair: unlogged table with sequences
CREATE TABLE a (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, s int);
CREATE SEQUENCE s OWNED BY a.s;
-- becomes
CREATE UNLOGGED TABLE a (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, s int);
CREATE SEQUENCE s OWNED BY a.s;

-- pair: a key to a table that becomes unlogged is dropped
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int REFERENCES a);
-- becomes
CREATE UNLOGGED TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int);
