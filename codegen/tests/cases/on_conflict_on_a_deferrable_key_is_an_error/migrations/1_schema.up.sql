CREATE TABLE shelves (
    id bigint PRIMARY KEY,
    place int NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED,
    label text NOT NULL UNIQUE
);
CREATE VIEW labels AS SELECT id, place AS slot, label FROM shelves;
CREATE TABLE rooms (during int4range, EXCLUDE USING gist (during WITH &&) DEFERRABLE);
CREATE TABLE events (day int NOT NULL, number int NOT NULL, UNIQUE (day) DEFERRABLE) PARTITION BY RANGE (day);
CREATE TABLE events_early PARTITION OF events FOR VALUES FROM (0) TO (100);
CREATE TABLE visits (day int PRIMARY KEY, number int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visits_early PARTITION OF visits FOR VALUES FROM (0) TO (100);
ALTER TABLE visits_early ADD UNIQUE (number) DEFERRABLE;
CREATE SCHEMA shop;
CREATE TABLE shop."Items" (id bigint, PRIMARY KEY (id) DEFERRABLE);
