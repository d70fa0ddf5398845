-- pair: key of a partition next to that of the partitioned table
CREATE TABLE nothing (a integer);
-- becomes
CREATE TABLE nothing (a integer);
CREATE TABLE orders (region text NOT NULL, day date NOT NULL, CONSTRAINT orders_region_day_key UNIQUE (region, day)) PARTITION BY LIST (region);
CREATE TABLE orders_eu PARTITION OF orders FOR VALUES IN ('eu');
ALTER TABLE orders_eu ADD CONSTRAINT orders_eu_pkey PRIMARY KEY (region, day);

-- pair: partition added to a referenced table
CREATE TABLE orders (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE order_lines (order_id bigint, day date, FOREIGN KEY (order_id, day) REFERENCES orders);
-- becomes
CREATE TABLE orders (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE order_lines (order_id bigint, day date, FOREIGN KEY (order_id, day) REFERENCES orders);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

-- pair: partitioned partition added to a referenced table
CREATE TABLE orders (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE order_lines (order_id bigint, day date, FOREIGN KEY (order_id, day) REFERENCES orders);
-- becomes
CREATE TABLE orders (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE order_lines (order_id bigint, day date, FOREIGN KEY (order_id, day) REFERENCES orders);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY HASH (id);
CREATE TABLE orders_2025_0 PARTITION OF orders_2025 FOR VALUES WITH (MODULUS 1, REMAINDER 0);

-- pair: whole partitioned table that refers to itself
CREATE TABLE nothing (a integer);
-- becomes
CREATE TABLE nothing (a integer);
CREATE TABLE p (k integer PRIMARY KEY, up integer REFERENCES p) PARTITION BY RANGE (k);
CREATE TABLE p_d PARTITION OF p DEFAULT;

-- pair: default partition of a table that refers to itself
CREATE TABLE p (k integer PRIMARY KEY, up integer REFERENCES p) PARTITION BY RANGE (k);
CREATE TABLE p_d PARTITION OF p DEFAULT;
-- becomes
CREATE TABLE p (k integer PRIMARY KEY, up integer REFERENCES p) PARTITION BY RANGE (k);

-- pair: second index of a partitioned table
CREATE TABLE p (k integer, a integer) PARTITION BY HASH (k);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0);
CREATE INDEX p_second ON p (a);
-- becomes
CREATE TABLE p (k integer, a integer) PARTITION BY HASH (k);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0);
CREATE INDEX p_first ON p (a DESC);
CREATE INDEX p_second ON p (a);

-- pair: two equal indexes of a partitioned table
CREATE TABLE p (k integer, a integer) PARTITION BY HASH (k);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0);
-- becomes
CREATE TABLE p (k integer, a integer) PARTITION BY HASH (k);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (modulus 2, remainder 0);
CREATE INDEX p_first ON p (a);
CREATE INDEX p_second ON p (a);

-- pair: index of a partition next to that of the partitioned table
CREATE TABLE p (k integer) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
-- becomes
CREATE TABLE p (k integer) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_k ON p (k DESC);
CREATE INDEX p_1_own ON p_1 (k DESC);

-- pair: key of a partition next to a new key of the partitioned table
CREATE TABLE p (k integer NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
-- becomes
CREATE TABLE p (k integer NOT NULL, UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p_1 ADD CONSTRAINT p_1_own PRIMARY KEY (k);

-- pair: indexes of partitions at two levels, with names of their own
CREATE TABLE p (k integer, a integer) PARTITION BY RANGE (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY HASH (a);
CREATE TABLE p_1_0 PARTITION OF p_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
-- becomes
CREATE TABLE p (k integer, a integer) PARTITION BY RANGE (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY HASH (a);
CREATE TABLE p_1_0 PARTITION OF p_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX leaf ON p_1_0 (a);
CREATE INDEX middle ON p_1 (a);
CREATE INDEX root ON p (a);

-- pair: composite in a partitioned table
CREATE TYPE point3 AS (x integer, y integer);
CREATE TABLE readings (k integer, p point3) PARTITION BY RANGE (k);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (0) TO (10);
-- becomes
CREATE TYPE point3 AS (x integer, y bigint);
CREATE TABLE readings (k integer, p point3) PARTITION BY RANGE (k);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (0) TO (10);

-- pair: enum, domain, range and collation in a partitioned table
CREATE TYPE state AS ENUM ('on', 'off');
CREATE DOMAIN short AS varchar(5);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE COLLATION c (provider = icu, locale = 'und');
CREATE TABLE readings (k integer, s state DEFAULT 'on', d short, r span, t text COLLATE c) PARTITION BY RANGE (k);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (0) TO (10);
-- becomes
CREATE TYPE state AS ENUM ('off', 'on');
CREATE DOMAIN short AS text;
CREATE TYPE span AS RANGE (subtype = bigint);
CREATE COLLATION c (provider = icu, locale = 'de');
CREATE TABLE readings (k integer, s state DEFAULT 'on', d short, r span, t text COLLATE c) PARTITION BY RANGE (k);
CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (0) TO (10);

-- pair: partition stays when its partitioned table is dropped
CREATE TABLE p (k integer, a text) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
-- becomes
CREATE TABLE p_1 (k integer, a text);

-- pair: partitioned table takes a foreign key and is referred to
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE p (k integer, r integer) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
-- becomes
CREATE TABLE r (id integer PRIMARY KEY, p integer);
CREATE TABLE p (k integer PRIMARY KEY, r integer REFERENCES r) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (2);
ALTER TABLE r ADD FOREIGN KEY (p) REFERENCES p;

-- pair: a deferrable key of a partition beside a new equal one
CREATE TABLE p (k integer NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2, 102);
ALTER TABLE p ADD CONSTRAINT key82 UNIQUE NULLS NOT DISTINCT (k);
ALTER TABLE p1 ADD CONSTRAINT key103 PRIMARY KEY (k) DEFERRABLE;
-- becomes
CREATE TABLE p (k integer NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2, 102);
ALTER TABLE p ADD CONSTRAINT key82 UNIQUE (k);
ALTER TABLE p1 ADD CONSTRAINT key103 PRIMARY KEY (k) DEFERRABLE;

-- pair: an index of a partition beside a new equal one
CREATE TABLE p (k integer NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2, 102);
CREATE INDEX i1 ON p1 (k);
-- becomes
CREATE TABLE p (k integer NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (2, 102);
CREATE INDEX i ON p (k);
CREATE INDEX i1 ON p1 (k);

-- pair: an attached table with several equal keys
CREATE TABLE p (k int, CONSTRAINT u UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE p1 (k int, CONSTRAINT x UNIQUE (k), CONSTRAINT y UNIQUE (k));
CREATE INDEX z ON p1 (k);
-- becomes
CREATE TABLE p (k int, CONSTRAINT u UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE p1 (k int, CONSTRAINT y UNIQUE (k));
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
ALTER TABLE p1 ADD CONSTRAINT x UNIQUE (k);
CREATE INDEX z ON p1 (k);

-- pair: an attached table with several equal keys, of which the other is taken
CREATE TABLE p (k int, CONSTRAINT u UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE p1 (k int, CONSTRAINT x UNIQUE (k), CONSTRAINT y UNIQUE (k));
CREATE INDEX z ON p1 (k);
-- becomes
CREATE TABLE p (k int, CONSTRAINT u UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE p1 (k int, CONSTRAINT x UNIQUE (k));
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
ALTER TABLE p1 ADD CONSTRAINT y UNIQUE (k);
CREATE INDEX z ON p1 (k);

-- pair: equal keys at two levels, and a foreign key
CREATE TABLE p (k int NOT NULL) PARTITION BY LIST (k);
CREATE TABLE q PARTITION OF p DEFAULT PARTITION BY LIST (k);
CREATE TABLE r PARTITION OF q DEFAULT;
ALTER TABLE r ADD CONSTRAINT rk PRIMARY KEY (k);
ALTER TABLE q ADD CONSTRAINT qu UNIQUE (k);
CREATE TABLE f (k int REFERENCES r);
CREATE INDEX ri ON r (k);
-- becomes
CREATE TABLE p (k int NOT NULL, CONSTRAINT pu UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE q PARTITION OF p DEFAULT PARTITION BY LIST (k);
CREATE TABLE r PARTITION OF q DEFAULT;
ALTER TABLE r ADD CONSTRAINT rk PRIMARY KEY (k);
ALTER TABLE q ADD CONSTRAINT qu UNIQUE (k);
CREATE TABLE f (k int REFERENCES r);
CREATE INDEX pi ON p (k);
CREATE INDEX ri ON r (k);

-- pair: a new partition with several equal keys
CREATE TABLE p (a int, b int, CONSTRAINT k2 UNIQUE (a, b), CONSTRAINT k1 UNIQUE (a, b)) PARTITION BY LIST (a);
-- becomes
CREATE TABLE p (a int, b int, CONSTRAINT k2 UNIQUE (a, b), CONSTRAINT k1 UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE TABLE p1 (a int, b int, CONSTRAINT y UNIQUE (a, b), CONSTRAINT x UNIQUE (a, b));
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
CREATE TABLE p2 (a int, b int, CONSTRAINT y2 UNIQUE (a, b));
CREATE INDEX i2 ON p2 (a, b);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);

-- pair: a new partition of equal keys, the first of which is the younger
CREATE TABLE p (a int, b int, CONSTRAINT k2 UNIQUE (a, b)) PARTITION BY LIST (a);
-- becomes
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p2 (a int, b int);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (1);
ALTER TABLE p2 ADD CONSTRAINT x UNIQUE (a, b);
ALTER TABLE p ADD CONSTRAINT k2 UNIQUE (a, b);
ALTER TABLE p2 ADD CONSTRAINT y UNIQUE (a, b);
ALTER TABLE p ADD CONSTRAINT k1 UNIQUE (a, b);

-- pair: a new partition of equal indexes
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE INDEX k2 ON p (a, b);
CREATE INDEX k1 ON p (a, b);
-- becomes
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE INDEX k2 ON p (a, b);
CREATE INDEX k1 ON p (a, b);
CREATE TABLE p2 (a int, b int);
CREATE INDEX x ON p2 (a, b);
CREATE INDEX y ON p2 (a, b);
CREATE INDEX z ON p2 (a, b);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (1);

-- pair: a new partition with the columns of a key in another order
CREATE TABLE p (a int, b int, CONSTRAINT k1 UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE TABLE q (a int, b int, UNIQUE (a, b));
-- becomes
CREATE TABLE p (a int, b int, CONSTRAINT k1 UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE TABLE q (a int, b int, UNIQUE (a, b));
CREATE TABLE p1 (b int, a int, CONSTRAINT x1 UNIQUE (b, a), CONSTRAINT x2 UNIQUE (a, b));
ALTER TABLE p ATTACH PARTITION p1 DEFAULT;
CREATE TABLE f (a int, b int, FOREIGN KEY (a, b) REFERENCES p1 (a, b));
CREATE TABLE f2 (a int, b int, FOREIGN KEY (a, b) REFERENCES p (a, b));

-- pair: a new partition with a check that is nested
CREATE TABLE p (k int, CONSTRAINT c CHECK (k > 0 AND k BETWEEN 1 AND 9 OR (k IS NULL OR k = 7))) PARTITION BY LIST (k);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (k);
-- becomes
CREATE TABLE p (k int, CONSTRAINT c CHECK (k > 0 AND k BETWEEN 1 AND 9 OR (k IS NULL OR k = 7))) PARTITION BY LIST (k);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (k);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
CREATE TABLE p1 PARTITION OF p DEFAULT;
