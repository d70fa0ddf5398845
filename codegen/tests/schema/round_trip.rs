//! schema.sql loads into an empty database, and reading that back gives the same bytes.

use super::expected::assert_expected;
use super::server::{round_trip, server_version};

#[tokio::test]
async fn a_data_layer_under_row_level_security_survives() {
    let sql = round_trip(include_str!("bookmarks.sql")).await;
    assert_expected("bookmarks.expected.sql", &sql);
}

#[tokio::test]
async fn quotes_newlines_and_dollars_survive_wherever_text_can_stand() {
    round_trip(include_str!("quoting.sql")).await;
}

#[tokio::test]
async fn every_kind_of_column_constraint_index_and_trigger_survives() {
    round_trip(include_str!("kinds.sql")).await;
}

#[tokio::test]
async fn objects_that_need_each_other_load_in_an_order_that_works() {
    round_trip(include_str!("order.sql")).await;
}

#[tokio::test]
async fn partitioned_tables_survive_with_their_partitions() {
    round_trip(include_str!("partitions.sql")).await;
}

#[tokio::test]
async fn a_public_schema_made_anew_and_one_dropped_survive() {
    round_trip("DROP SCHEMA public; CREATE SCHEMA public; CREATE TABLE a (id integer)").await;
    round_trip("DROP SCHEMA public; CREATE SCHEMA other; CREATE TABLE other.a (id integer)").await;
}

#[tokio::test]
async fn expressions_that_postgres_prints_differently_the_second_time_survive() {
    round_trip(include_str!("twice.sql")).await;
}

#[tokio::test]
async fn views_and_functions_read_the_same_on_every_supported_version() {
    let sql = round_trip(include_str!("versions.sql")).await;
    assert_expected("versions.expected.sql", &sql);
}

#[tokio::test]
async fn typed_and_inheriting_tables_survive() {
    round_trip(include_str!("inheritance.sql")).await;
}

#[tokio::test]
async fn a_not_null_that_a_child_has_or_dropped_on_its_own_survives() {
    let inherited = "CREATE TABLE a (x integer NOT NULL, y integer); CREATE TABLE b (y integer NOT NULL, z integer);
        CREATE TABLE child () INHERITS (a, b); CREATE TABLE own (x integer) INHERITS (a)";
    if server_version().await < 180_000 {
        let dropped =
            "ALTER TABLE child ALTER x DROP NOT NULL, ALTER y DROP NOT NULL, ALTER z SET NOT NULL;
            ALTER TABLE own ALTER x DROP NOT NULL";
        let sql = round_trip(&format!("{inherited}; {dropped}")).await;
        assert_eq!(sql.matches("DROP NOT NULL").count(), 3, "{sql}");
        return;
    }
    let alone = inherited.replace("NOT NULL,", "NOT NULL NO INHERIT,");
    let sql = round_trip(&format!("{alone}; ALTER TABLE child ALTER x SET NOT NULL")).await;
    assert_eq!(sql.matches("SET NOT NULL").count(), 1, "{sql}");
}

#[tokio::test]
async fn foreign_servers_and_tables_survive() {
    round_trip(include_str!("foreign.sql")).await;
}

#[tokio::test]
async fn operators_text_search_conversions_and_publications_survive() {
    round_trip(include_str!("operators.sql")).await;
}

#[tokio::test]
async fn several_keys_over_the_same_columns_survive() {
    round_trip(include_str!("keys.sql")).await;
}

#[tokio::test]
async fn trigger_states_of_partitions_row_types_sequences_and_ranges_survive() {
    round_trip(include_str!("rare.sql")).await;
}

#[tokio::test]
async fn an_empty_database_survives() {
    round_trip("SELECT 1").await;
}

#[tokio::test]
async fn ranges_aggregates_casts_rules_statistics_and_event_triggers_survive() {
    round_trip(include_str!("statements.sql")).await;
}

#[tokio::test]
async fn virtual_columns_and_named_not_nulls_survive_where_the_server_has_them() {
    if server_version().await < 180_000 {
        eprintln!("SKIPPED: virtual columns came with Postgres 18");
        return;
    }
    let sql = round_trip(
        "CREATE TABLE prices (net numeric CONSTRAINT net_known NOT NULL, gross numeric GENERATED ALWAYS AS (net * 1.2));
         ALTER TABLE prices RENAME TO costs",
    )
    .await;
    assert!(
        sql.contains("net     numeric CONSTRAINT net_known NOT NULL,"),
        "{sql}"
    );
    assert!(
        sql.contains("GENERATED ALWAYS AS (net * 1.2) VIRTUAL"),
        "{sql}"
    );
    round_trip(
        "CREATE TABLE a (b integer, c integer NOT NULL NO INHERIT);
         ALTER TABLE a ADD CONSTRAINT n NOT NULL b NOT VALID; CREATE TABLE child () INHERITS (a)",
    )
    .await;
    round_trip(
        "CREATE EXTENSION btree_gist;
         CREATE TABLE stays (room integer, during daterange, PRIMARY KEY (room, during WITHOUT OVERLAPS));
         CREATE TABLE visits (room integer, during daterange,
            FOREIGN KEY (room, PERIOD during) REFERENCES stays (room, PERIOD during));
         ALTER TABLE visits ADD CONSTRAINT positive CHECK (room > 0) NOT ENFORCED",
    )
    .await;
}

#[tokio::test]
async fn views_that_refer_to_each_other_in_a_circle_survive() {
    round_trip(
        "CREATE VIEW a AS SELECT 1 AS x, 'a'::varchar(3) COLLATE \"C\" AS y;
         CREATE VIEW b WITH (security_barrier) AS SELECT x, y FROM a;
         ALTER VIEW a ALTER x SET DEFAULT 7;
         CREATE VIEW c AS SELECT y FROM b;
         CREATE OR REPLACE VIEW a WITH (security_invoker) AS SELECT x, y FROM b;
         COMMENT ON COLUMN a.y IS 'y';",
    )
    .await;
}

#[tokio::test]
async fn views_and_functions_that_refer_to_themselves_or_in_a_circle_survive() {
    let sql = round_trip(
        "CREATE VIEW v AS SELECT 1 AS a;
         CREATE OR REPLACE VIEW v AS SELECT a FROM v;
         CREATE TABLE t (id integer, parent integer);
         CREATE FUNCTION depth(node integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN 1;
         CREATE OR REPLACE FUNCTION depth(node integer) RETURNS integer LANGUAGE sql STABLE BEGIN ATOMIC
            SELECT 1 + depth(parent) FROM t WHERE id = node;
         END;
         COMMENT ON FUNCTION depth IS 'RETURN';
         CREATE MATERIALIZED VIEW depths AS SELECT id, depth(id) FROM t;
         CREATE FUNCTION is_even(n integer) RETURNS boolean LANGUAGE sql RETURN true;
         CREATE FUNCTION is_odd(n integer) RETURNS boolean LANGUAGE sql
            RETURN CASE WHEN n = 0 THEN false ELSE is_even(n - 1) END;
         CREATE OR REPLACE FUNCTION is_even(n integer) RETURNS boolean LANGUAGE sql
            RETURN CASE WHEN n = 0 THEN true ELSE is_odd(n - 1) END;",
    )
    .await;
    assert!(sql.contains("CREATE OR REPLACE FUNCTION depth"), "{sql}");
}

#[tokio::test]
async fn a_view_that_reads_itself_without_naming_a_column_survives() {
    let sql = round_trip(
        "CREATE VIEW v AS SELECT 1::bigint AS a;
         CREATE OR REPLACE VIEW v AS SELECT count(*) AS a FROM v;
         CREATE VIEW w AS SELECT 1 AS v;",
    )
    .await;
    assert_eq!(sql.matches("CREATE OR REPLACE VIEW").count(), 1, "{sql}");
}

#[tokio::test]
async fn functions_and_rules_that_name_a_constraint_after_all_tables_survive() {
    round_trip(
        "CREATE TABLE u (a integer);
         CREATE FUNCTION g(r u) RETURNS integer LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT (r).a; END;
         CREATE TABLE t (r u, CONSTRAINT ex EXCLUDE (g(r) WITH =));
         CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC
            INSERT INTO t VALUES (NULL) ON CONFLICT ON CONSTRAINT ex DO NOTHING;
         END;
         CREATE FUNCTION a() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT f(); END;
         CREATE RULE r AS ON UPDATE TO u DO ALSO INSERT INTO t VALUES (NULL) ON CONFLICT ON CONSTRAINT ex DO NOTHING;",
    )
    .await;
}

#[tokio::test]
async fn arguments_without_a_name_beside_others_with_one_survive() {
    let sql = round_trip(
        "CREATE TABLE t (a integer);
         CREATE FUNCTION f(integer, OUT a text) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT $1::text || '\"\"'; END;
         CREATE FUNCTION h(b integer, integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT t.a + $2 + h.b FROM t; END;
         CREATE PROCEDURE p(integer, INOUT b integer) LANGUAGE sql BEGIN ATOMIC SELECT $1 + b; END;",
    )
    .await;
    assert!(sql.contains("(t.a + $2) + h.b"), "{sql}");
}

#[tokio::test]
async fn statistics_with_the_name_of_their_table_survive() {
    round_trip(
        "CREATE TABLE t (a integer, b integer); CREATE STATISTICS t ON a, b FROM t;
         CREATE VIEW v AS SELECT a, b FROM t; CREATE RULE v AS ON INSERT TO v DO INSTEAD NOTHING;",
    )
    .await;
}

#[tokio::test]
async fn equal_keys_of_partitions_stay_those_of_the_same_keys_above() {
    round_trip(
        "CREATE TABLE p (k integer NOT NULL) PARTITION BY HASH (k);
         ALTER TABLE p ADD CONSTRAINT first PRIMARY KEY (k) DEFERRABLE INITIALLY DEFERRED;
         CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 8, REMAINDER 1) PARTITION BY HASH (k);
         CREATE TABLE p11 PARTITION OF p1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         ALTER TABLE p ADD CONSTRAINT second UNIQUE (k);
         ALTER TABLE p ADD CONSTRAINT a_third UNIQUE (k);
         CREATE TABLE t (k integer REFERENCES p (k));",
    )
    .await;
}

#[tokio::test]
async fn foreign_keys_survive_beside_copies_whose_names_postgres_chooses() {
    round_trip(
        "CREATE TABLE target (a integer PRIMARY KEY) PARTITION BY RANGE (a);
         CREATE TABLE target1 PARTITION OF target FOR VALUES FROM (1) TO (2);
         CREATE TABLE target2 PARTITION OF target FOR VALUES FROM (2) TO (3);
         CREATE TABLE refers (a integer);
         ALTER TABLE refers ADD FOREIGN KEY (a) REFERENCES target;
         ALTER TABLE refers ADD FOREIGN KEY (a) REFERENCES target ON DELETE CASCADE;
         ALTER TABLE refers ADD FOREIGN KEY (a) REFERENCES target ON DELETE SET NULL;
         ALTER TABLE refers ADD FOREIGN KEY (a) REFERENCES target ON DELETE SET DEFAULT;
         ALTER TABLE refers ADD FOREIGN KEY (a) REFERENCES target ON UPDATE CASCADE;",
    )
    .await;
}

#[tokio::test]
async fn a_conjunction_nested_in_another_one_survives() {
    round_trip(
        "CREATE TABLE t (a integer, b integer);
         CREATE VIEW v AS SELECT a FROM t
             WHERE a BETWEEN (SELECT min(b) FROM t) AND (SELECT max(b) FROM t) AND EXISTS (SELECT FROM t);",
    )
    .await;
}

#[tokio::test]
async fn indexes_of_a_materialized_view_are_built_with_the_rights_of_its_owner() {
    round_trip(
        "CREATE FUNCTION called_by_monitor(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
             'BEGIN ASSERT current_user = ''pg_monitor'', current_user; RETURN $1; END';
         CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;
         ALTER MATERIALIZED VIEW v OWNER TO pg_monitor;
         CREATE INDEX i ON v (a) WHERE called_by_monitor(1) > 0;",
    )
    .await;
}

#[tokio::test]
async fn partitions_whose_indexes_call_functions_are_attached_with_the_rights_of_their_owner() {
    let sql = round_trip(
        "CREATE FUNCTION called_by_signaller(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
             'BEGIN ASSERT current_user = ''pg_signal_backend'', current_user; RETURN $1; END';
         CREATE TABLE p (a integer) PARTITION BY RANGE (a);
         ALTER TABLE p OWNER TO pg_signal_backend;
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY RANGE (a);
         ALTER TABLE p1 OWNER TO pg_signal_backend;
         CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (1) TO (5);
         ALTER TABLE p11 OWNER TO pg_signal_backend;
         CREATE INDEX i ON p ((called_by_signaller(a) + called_by_signaller(0)))
             WHERE a > called_by_signaller(10);",
    )
    .await;
    assert_eq!(
        sql.matches("SET ROLE pg_signal_backend;\nALTER TABLE p")
            .count(),
        2,
        "{sql}"
    );
}
