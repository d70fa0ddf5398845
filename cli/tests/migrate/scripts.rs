//! The text of migrations: rows of COPY, commands of `psql`, and histories that cannot be edited.

use super::world::{CheckOutput as _, World};

/// As `pg_dump` writes it, since its minor versions of August 2025 with `\restrict`.
const DUMP: &str = r#"--
-- PostgreSQL database dump
--

\restrict Zq4It's0

-- Dumped from database version 15.14

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE FUNCTION public.path() RETURNS text
    LANGUAGE sql
    AS $$
SELECT 'C:\
\connect';
$$;

CREATE TABLE public.notes (
    id integer NOT NULL,
    body text
);

COPY public.notes (id, body) FROM stdin;
1	it's; "two"
2	\N
\.


COPY public.notes (id, body) FROM stdin;
\.


ALTER TABLE ONLY public.notes
    ADD CONSTRAINT notes_pkey PRIMARY KEY (id);

\unrestrict Zq4It's0

"#;

const BODIES: &str =
    "SELECT string_agg(coalesce(body, 'NULL'), ', ' ORDER BY id) FROM public.notes";

#[tokio::test]
async fn a_dump_of_pg_dump_is_a_first_migration_with_its_rows() {
    let world = World::new(&[
        ("1_dump.up.sql", DUMP),
        ("2_tags.up.sql", "ALTER TABLE notes ADD tags text[];\n"),
    ])
    .await;
    world.ok(&["run"]).await;
    assert_eq!(world.value(BODIES).await, r#"it's; "two", NULL"#);
    assert!(world.ok(&["verify"]).await.contains("2 migrations"));
    world.end().await;
}

#[tokio::test]
async fn a_dump_with_the_table_of_migrations_has_help() {
    let dump = "CREATE TABLE public._sqlx_migrations (version bigint);\n";
    let world = World::new(&[("1_dump.up.sql", dump)]).await;
    world
        .wrong(&["run"])
        .await
        .has("help: leave the table out: `pg_dump --exclude-table");
    world.end().await;
}

#[tokio::test]
async fn the_script_for_psql_has_the_rows_of_copy() {
    let world = World::new(&[(
        "1_a.up.sql",
        "CREATE TABLE t (a int, b text);\nCOPY t (a, b) FROM stdin;\n1\tone; two",
    )])
    .await;
    let script = world.ok(&["run", "--sql"]).await;
    assert!(
        script.contains("COPY t (a, b) FROM stdin;\n1\tone; two\n\\.\nRESET"),
        "{script}"
    );
    world.ok(&["run"]).await;
    assert_eq!(world.value("SELECT b FROM t").await, "one; two");
    world.end().await;
}

#[tokio::test]
async fn a_row_that_copy_refuses_is_shown_at_its_line_and_nothing_stays() {
    let text = "CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\nx\n\\.\nCREATE TABLE u ();\n";
    let world = World::new(&[("1_a.up.sql", text)]).await;
    world
        .wrong(&["run"])
        .await
        .has("migrations/1_a.up.sql:4:1: error")
        .has("invalid input syntax for type integer");
    assert_eq!(world.value("to_regclass('t') IS NULL").await, "true");
    world.write("1_a.up.sql", &text.replace("x\n", "2\n"));
    world.ok(&["run"]).await;
    assert_eq!(world.value("SELECT sum(a) FROM t").await, "3");
    world.end().await;
}

#[tokio::test]
async fn commands_of_psql_that_change_something_are_refused_at_their_line() {
    let world = World::new(&[("1_a.up.sql", "SELECT 1;\n\\i other.sql\n")]).await;
    world
        .wrong(&["run"])
        .await
        .has(
            "migrations/1_a.up.sql:2:1: error[psql-command]: `\\i` is a command of `psql`, not SQL",
        )
        .has("help: paste the text of the other file here");
    world.write("1_a.up.sql", "COPY (SELECT 1) TO stdout;\n");
    world.wrong(&["run"]).await.has("error[copy-to-client]");
    world.end().await;
}

#[tokio::test]
async fn a_begin_or_commit_without_its_counterpart_is_applied_as_stock_sqlx_applies_it() {
    let files = [
        (
            "1_a.sql",
            "CREATE TABLE a (id int PRIMARY KEY);\nBEGIN;\nCREATE TABLE b (id int PRIMARY KEY);\n",
        ),
        (
            "2_b.sql",
            "CREATE TABLE c (id int);\nCOMMIT AND CHAIN;\nALTER TABLE c ADD d int;\n",
        ),
        (
            "3_c.sql",
            "ALTER TABLE c ADD e int;\nCOMMIT;\nALTER TABLE c ADD f int;\n",
        ),
    ];
    let ours = World::new(&files).await;
    let report = ours.ok(&["run"]).await;
    assert!(
        report.contains("note: migrations/1_a.sql:2: `BEGIN` is left out"),
        "{report}"
    );
    let theirs = World::new(&files).await;
    let migrator = sqlx::migrate::Migrator::new(theirs.folder()).await.unwrap();
    migrator.run(&mut theirs.connect().await).await.unwrap();
    let columns = "SELECT string_agg(attrelid::regclass || '.' || attname, ' ' ORDER BY 1) FROM \
        (SELECT * FROM pg_attribute WHERE attnum > 0 AND attrelid::regclass::text IN ('a', 'b', 'c') \
         ORDER BY attrelid::regclass::text, attnum) AS a";
    assert_eq!(ours.value(columns).await, theirs.value(columns).await);
    assert_eq!(
        ours.value("SELECT count(*) FROM _sqlx_migrations WHERE success")
            .await,
        "3"
    );
    assert_eq!(theirs.ok(&["run"]).await, "the database is up to date\n");
    ours.end().await;
    theirs.end().await;
}

#[tokio::test]
async fn a_value_that_is_used_where_it_is_added_has_help_and_runs_where_the_file_commits() {
    let world = World::new(&[
        (
            "1_mood.up.sql",
            "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);\n",
        ),
        (
            "2_ok.up.sql",
            "ALTER TYPE mood ADD VALUE 'ok';\nINSERT INTO t VALUES ('ok');\n",
        ),
    ])
    .await;
    world
        .wrong(&["run"])
        .await
        .has("unsafe use of new value")
        .has("help: use the new value in a later migration, or make `-- no-transaction`");
    world.write(
        "2_ok.up.sql",
        "BEGIN;\nALTER TYPE mood ADD VALUE 'ok';\nCOMMIT;\nINSERT INTO t VALUES ('ok');\n",
    );
    world.ok(&["run"]).await;
    assert_eq!(world.value("SELECT m FROM t").await, "ok");
    world.end().await;
}

#[tokio::test]
async fn a_migration_may_have_version_0() {
    let world = World::new(&[
        ("00000000000000_setup.up.sql", "CREATE TABLE a ();\n"),
        ("00000000000000_setup.down.sql", "DROP TABLE a;\n"),
        ("1_b.up.sql", "CREATE TABLE b ();\n"),
        ("1_b.down.sql", "DROP TABLE b;\n"),
    ])
    .await;
    world.ok(&["run"]).await;
    let migrator = sqlx::migrate::Migrator::new(world.folder()).await.unwrap();
    migrator.run(&mut world.connect().await).await.unwrap();
    assert_eq!(
        world.ok(&["revert", "--to", "0"]).await,
        "reverted: migrations/1_b.down.sql\n"
    );
    assert_eq!(
        world.ok(&["revert", "--all"]).await,
        "reverted: migrations/00000000000000_setup.down.sql\n"
    );
    world.end().await;
}

#[tokio::test]
async fn line_ends_that_git_changed_are_named_as_such() {
    let text = "CREATE TABLE a (\n    id int\n);\n";
    let world = World::new(&[("1_a.up.sql", text)]).await;
    world.ok(&["run"]).await;
    world.write("1_a.up.sql", &text.replace('\n', "\r\n"));
    world
        .wrong(&["run"])
        .await
        .has("note: only its line ends changed: it was applied with LF, and has others now")
        .has(r"help: `sed -i 's/\r$//' migrations/1_a.up.sql` restores them")
        .has("help: `migrations/*.sql text eol=lf` in `.gitattributes`");
    let sed = std::process::Command::new("sed")
        .args(["-i", r"s/\r$//"])
        .arg(world.folder().join("1_a.up.sql"))
        .status();
    assert!(sed.unwrap().success());
    world.ok(&["run"]).await;

    let world = World::new(&[("1_a.up.sql", &text.replace('\n', "\r\n"))]).await;
    world.ok(&["run"]).await;
    world.write("1_a.up.sql", text);
    world.wrong(&["run"]).await.has("it was applied with CRLF");
    world.end().await;
}

#[tokio::test]
async fn files_with_crlf_are_migrations_like_others() {
    let files = [
        (
            "1_a.up.sql",
            "-- no-transaction\r\nCREATE TABLE a (id int);\r\n",
        ),
        (
            "2_b.up.sql",
            "-- depends: 1\r\nBEGIN;\r\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\r\nBEGIN\r\n  \
             RETURN 1;\r\nEND\r\n$$;\r\nCOMMIT;\r\nCOPY a FROM stdin;\r\n1\r\n\\.\r\n",
        ),
    ];
    let world = World::new(&files).await;
    world.ok(&["run"]).await;
    assert_eq!(world.value("SELECT f() + sum(id) FROM a").await, "2");
    assert_eq!(world.ok(&["run"]).await, "the database is up to date\n");
    world.ok(&["verify"]).await;
    world.end().await;
}

#[tokio::test]
async fn a_file_of_many_statements_takes_time_in_proportion() {
    let rows = (0..20_000).map(|n| format!("INSERT INTO t VALUES ({n}, 'the text of a row');\n"));
    let text = format!(
        "CREATE TABLE t (id int, a text);\n{}",
        rows.collect::<String>()
    );
    let world = World::new(&[("1_rows.up.sql", &text)]).await;
    // It takes seconds; with a look at the whole file for each statement it took minutes.
    let running = world.start(&["run"]);
    let done = tokio::task::spawn_blocking(|| running.wait_with_output().unwrap());
    let done = tokio::time::timeout(std::time::Duration::from_mins(1), done).await;
    assert!(done.unwrap().unwrap().status.success());
    assert_eq!(world.value("SELECT count(*) FROM t").await, "20000");
    world.end().await;
}
