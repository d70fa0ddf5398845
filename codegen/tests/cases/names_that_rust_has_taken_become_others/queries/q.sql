-- name: runs_of :many
SELECT id, gen FROM runs WHERE gen = :gen;
-- name: gen :many
SELECT * FROM runs;
-- name: froms_all :many
SELECT * FROM froms;
-- name: strings_all :many
SELECT * FROM strings;
-- name: marks_all :many
SELECT * FROM marks;
-- name: marks_below :many
WITH m AS (SELECT * FROM marks) SELECT s."bang!", s."x?" FROM (SELECT * FROM m) s;
-- name: marked_all :many
SELECT * FROM marked;
-- name: marks_by_alias :many
SELECT m.one, m."bang!" AS "bang!!", s."inner!" FROM (SELECT id AS one, "bang!" FROM marks) m, (SELECT "bang!" AS "inner!" FROM marks) s;
-- name: numbers :many
SELECT * FROM unnest(ARRAY[1, NULL]) AS u("number!");
