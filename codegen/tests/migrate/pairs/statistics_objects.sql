-- pair: statistics
CREATE TABLE t (a int, b int);
CREATE STATISTICS s ON a, b FROM t;
-- becomes
CREATE TABLE t (a bigint, b int);
CREATE STATISTICS s (mcv) ON a, (b + 1) FROM t;
ALTER STATISTICS s SET STATISTICS 100;
COMMENT ON STATISTICS s IS 'x';
CREATE STATISTICS s2 ON a, b FROM t;

-- pair: statistics keep
CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s ON a, b FROM t;
-- becomes
CREATE TABLE t (a bigint, b int);
CREATE STATISTICS s ON a, b FROM t;

-- pair: stat ext drop col
CREATE TABLE t (a int, b int, c int);
CREATE STATISTICS s ON a, b FROM t;
CREATE STATISTICS s2 (ndistinct) ON b, c FROM t;
-- becomes
CREATE TABLE t (a int, c int);
CREATE STATISTICS s ON a, c FROM t;
