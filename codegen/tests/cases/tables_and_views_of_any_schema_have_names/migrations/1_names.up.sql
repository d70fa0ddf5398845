CREATE SCHEMA audit;
CREATE TABLE audit.log (id bigint PRIMARY KEY, "table" text, "ALL" text);
CREATE TABLE audit_log (id bigint PRIMARY KEY, "self" text, "area m²" int, "?" int, "??" int);
CREATE TABLE "Quoted ""Name""" (id bigint PRIMARY KEY);
CREATE TABLE option ();
CREATE VIEW recent AS SELECT id AS log_id FROM audit_log;
CREATE MATERIALIZED VIEW audit.totals AS SELECT count(*) AS total FROM audit.log;
