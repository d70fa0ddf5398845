-- pair: enum table
CREATE TABLE state_enum (value text PRIMARY KEY);
INSERT INTO state_enum VALUES ('a'), ('b');
CREATE TABLE t (s text REFERENCES state_enum DEFAULT 'a');
-- becomes
CREATE TABLE state_enum (value text PRIMARY KEY, label text NOT NULL DEFAULT 'x');
INSERT INTO state_enum VALUES ('a', 'A'), ('c', 'C');
CREATE TABLE t (s text REFERENCES state_enum DEFAULT 'c');

-- pair: enum table notnull new
CREATE TABLE state_enum (value text PRIMARY KEY);
INSERT INTO state_enum VALUES ('a'), ('b');
-- becomes
CREATE TABLE state_enum (value text PRIMARY KEY, label text NOT NULL);
INSERT INTO state_enum VALUES ('a', 'A'), ('c', 'C');

-- pair: enum table nokey
CREATE TABLE state_enum (value text, n int);
INSERT INTO state_enum VALUES ('a', 1), ('a', 2), (NULL, 3);
-- becomes
CREATE TABLE state_enum (value text, n int);
INSERT INTO state_enum VALUES ('a', 1), ('b', 2);

-- pair: enum table identity
CREATE TABLE state_enum (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO state_enum (v) VALUES ('a');
-- becomes
CREATE TABLE state_enum (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text);
INSERT INTO state_enum (v) VALUES ('a'), ('b');

-- pair: a row that fits the new type alone
CREATE TABLE state_enum (value text PRIMARY KEY, hint varchar(9), extra integer);
INSERT INTO state_enum VALUES ('kept', 'short');
-- becomes
CREATE TABLE state_enum (value text PRIMARY KEY, hint text);
INSERT INTO state_enum VALUES ('kept', 'short'), ('new', 'longer than nine');

-- pair: a row that changes with the type of its column
CREATE TABLE s_enum (value text PRIMARY KEY, hint varchar(30));
INSERT INTO s_enum VALUES ('a', 'longer than nine'), ('b', 'x');
-- becomes
CREATE TABLE s_enum (value text PRIMARY KEY, hint varchar(5));
INSERT INTO s_enum VALUES ('a', 'short'), ('b', 'x');

-- pair: rows whose old values are none of the new type
CREATE TABLE s_enum (value text PRIMARY KEY, n text);
INSERT INTO s_enum VALUES ('a', 'one'), ('b', 'two');
-- becomes
CREATE TABLE s_enum (value text PRIMARY KEY, n int);
INSERT INTO s_enum VALUES ('a', 1), ('b', 2);

-- pair: a row that gets a value in place of NULL
CREATE TABLE s_enum (value text PRIMARY KEY, hint text);
INSERT INTO s_enum VALUES ('a', NULL), ('b', 'x');
-- becomes
CREATE TABLE s_enum (value text PRIMARY KEY, hint text NOT NULL);
INSERT INTO s_enum VALUES ('a', 'short'), ('b', 'x');

-- pair: rows that pass on the values of a unique column
CREATE TABLE s_enum (value text PRIMARY KEY, hint text UNIQUE);
INSERT INTO s_enum VALUES ('a', 'x'), ('c', 'y');
-- becomes
CREATE TABLE s_enum (value text PRIMARY KEY, hint text UNIQUE);
INSERT INTO s_enum VALUES ('a', 'y'), ('b', 'x'), ('c', 'z');

-- pair: a row without a key that changes with the type of its column
CREATE TABLE s_enum (value text, hint varchar(30));
INSERT INTO s_enum VALUES ('a', 'longer than nine'), ('b', 'x');
-- becomes
CREATE TABLE s_enum (value text, hint varchar(5));
INSERT INTO s_enum VALUES ('a', 'short'), ('b', 'x');

-- pair: rows that exchange the values of a unique column that gets another type
CREATE TABLE s_enum (value int PRIMARY KEY, j json, n varchar(9) UNIQUE, e text NOT NULL);
INSERT INTO s_enum VALUES (1, '{"a":1}', 'x', 'p'), (2, '{}', 'y', 'q'), (3, '[]', NULL, 'r');
-- becomes
CREATE TABLE s_enum (value int PRIMARY KEY, j jsonb, n text UNIQUE, e text);
INSERT INTO s_enum VALUES (1, '{"b":1}', 'y', NULL), (2, '{}', 'x', 'q'), (3, '[2]', 'much longer than it was', 'r');
