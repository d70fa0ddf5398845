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
