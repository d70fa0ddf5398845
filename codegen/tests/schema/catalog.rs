//! The rows of the catalog show what a dump does not.

use super::server::{catalog_rows, drop, migrated};
use xact_codegen::schema::catalog::ColumnOrder;

/// The differences between two databases.
async fn differences(one: &str, other: &str) -> Vec<String> {
    let (mut one, mut other) = (migrated(one).await, migrated(other).await);
    let rows = catalog_rows(&mut one, ColumnOrder::Compared).await;
    let differences = rows.differences(
        &catalog_rows(&mut other, ColumnOrder::Compared).await,
        "one",
        "other",
    );
    drop(one).await;
    drop(other).await;
    differences
}

#[tokio::test]
async fn databases_of_the_same_schema_have_no_differences() {
    let sql = include_str!("kinds.sql");
    // The schema of temporary objects stays in the database when the session ends.
    let temporary = format!("CREATE TEMPORARY TABLE own (id serial PRIMARY KEY, note text); {sql}");
    assert_eq!(differences(sql, &temporary).await, Vec::<String>::new());
    // Only the order of the two statements differs.
    let index = "CREATE TABLE a (x text); CREATE INDEX i ON a (x)";
    let compressed = "ALTER TABLE a ALTER x SET COMPRESSION pglz";
    let last = format!("{index}; {compressed}");
    let first = format!("CREATE TABLE a (x text); {compressed}; CREATE INDEX i ON a (x)");
    assert_eq!(differences(&first, &last).await, Vec::<String>::new());
    // The text of a default is not changed by the search path that it is set with.
    let domain =
        "CREATE SCHEMA s; CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'";
    let short = format!(
        "{domain}; SET search_path = s; CREATE DOMAIN s.d AS integer DEFAULT f(); RESET search_path"
    );
    let long = format!("{domain}; CREATE DOMAIN s.d AS integer DEFAULT s.f()");
    assert_eq!(differences(&short, &long).await, Vec::<String>::new());
    // Other numbers of objects, a dropped column, and names of constraints that Postgres chooses.
    let late = format!("CREATE TABLE early (id serial PRIMARY KEY); DROP TABLE early; {sql}");
    assert_eq!(differences(sql, &late).await, Vec::<String>::new());
    let dropped = "CREATE TABLE a (x integer, y integer CHECK (y > 0), z integer REFERENCES a (y), UNIQUE (y))";
    let added =
        "CREATE TABLE a (x integer, gone text, y integer CHECK (y > 0), z integer, UNIQUE (y));
        ALTER TABLE a DROP gone; ALTER TABLE a ADD FOREIGN KEY (z) REFERENCES a (y)";
    assert_eq!(differences(dropped, added).await, Vec::<String>::new());
    // Lists of columns that Postgres does not declare as such.
    let lists = "ALTER TABLE a ADD UNIQUE (y, z); CREATE PUBLICATION p FOR TABLE a (z, y);
        CREATE TABLE b (y integer, z integer, FOREIGN KEY (y, z) REFERENCES a (y, z) ON DELETE SET NULL (z))";
    let plain = format!("CREATE TABLE a (y integer, z integer); {lists}");
    let lists = lists.replace("b (y", "b (gone text, y");
    let after = format!(
        "CREATE TABLE a (gone text, y integer, z integer); ALTER TABLE a DROP gone; {lists}; ALTER TABLE b DROP gone"
    );
    assert_eq!(differences(&plain, &after).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_difference_is_named_by_object_and_column() {
    for (one, other, expected) in [
        (
            "CREATE TABLE a (x integer CONSTRAINT p PRIMARY KEY); ALTER TABLE a ADD CONSTRAINT u UNIQUE (x)",
            "CREATE TABLE a (x integer CONSTRAINT p PRIMARY KEY, CONSTRAINT u UNIQUE (x))",
            "pg_constraint u on public.a: 1 in one, none in other",
        ),
        (
            "CREATE TABLE a (x integer CONSTRAINT p PRIMARY KEY, y integer CONSTRAINT f REFERENCES a)",
            "CREATE TABLE a (x integer CONSTRAINT p PRIMARY KEY, y integer CONSTRAINT g REFERENCES a)",
            "pg_constraint f on public.a: 1 in one, none in other",
        ),
        (
            "CREATE TABLE a (x integer); CREATE TRIGGER t BEFORE UPDATE ON a EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE TABLE a (x integer); CREATE TRIGGER u BEFORE UPDATE ON a EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "pg_trigger t on public.a: 1 in one, none in other",
        ),
        (
            "CREATE TABLE a (x integer)",
            "CREATE TABLE a (x bigint)",
            "pg_attribute public.a x: atttypid is integer in one, bigint in other",
        ),
        (
            "CREATE TABLE a (x integer, y integer)",
            "CREATE TABLE a (y integer, x integer)",
            "pg_attribute public.a x: attnum is 1 in one, 2 in other",
        ),
        (
            "CREATE SEQUENCE s",
            "CREATE SEQUENCE s CACHE 7",
            "pg_sequence public.s: seqcache is 1 in one, 7 in other",
        ),
        (
            "CREATE TABLE a (x integer); COMMENT ON COLUMN a.x IS 'one'",
            "CREATE TABLE a (x integer); COMMENT ON COLUMN a.x IS 'two'",
            "pg_description public.a",
        ),
        (
            "CREATE TABLE a (x integer); CREATE SEQUENCE s OWNED BY a.x",
            "CREATE TABLE a (x integer); CREATE SEQUENCE s",
            "pg_depend public.s public.a x: 1 in one, none in other",
        ),
        (
            "CREATE TYPE e AS ENUM ('a', 'b')",
            "CREATE TYPE e AS ENUM ('b', 'a')",
            "pg_enum public.e a: enumsortorder is 1 in one, 2 in other",
        ),
    ] {
        let found = differences(one, other).await;
        assert!(
            found.iter().any(|found| found.starts_with(expected)),
            "{expected}: {found:#?}"
        );
    }
}

#[tokio::test]
async fn a_table_whose_name_holds_that_of_the_tools_own_is_compared() {
    let own =
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text DEFAULT '')";
    assert_eq!(differences("SELECT 1", own).await, Vec::<String>::new());
    let other = "CREATE TABLE old_sqlx_migrations (version bigint)";
    let found = differences("SELECT 1", other).await;
    let expected = "pg_class public.old_sqlx_migrations: none in one, 1 in other";
    assert!(found.iter().any(|line| line == expected), "{found:#?}");
}
