CREATE TYPE outcome AS ENUM ('ok', 'err', 'self', '', '+', 'n', 'a_l_l', 'A', 'a');
CREATE TABLE runs (id bigint PRIMARY KEY, gen int NOT NULL, outcome outcome NOT NULL);
CREATE TABLE froms (id bigint PRIMARY KEY, x int, type int, "Type" int, type2 int);
CREATE TABLE strings (id bigint PRIMARY KEY, x int);
CREATE TABLE marks (id bigint PRIMARY KEY, "bang!" text, "a:b" int, "x?" int NOT NULL);
CREATE VIEW marked AS SELECT id, "bang!", x.x AS "y!" FROM marks CROSS JOIN (SELECT NULL::int AS x) x;
