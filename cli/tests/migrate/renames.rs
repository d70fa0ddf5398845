//! Renames that a person declares, of every kind of object, and the names that follow from them.

use super::world::World;

/// A folder with one migration, and schema.sql edited to `wanted`.
async fn world(old: &str, wanted: &str) -> World {
    let world = World::new(&[("1_old.up.sql", old)]).await;
    std::fs::write(world.project.path().join("schema.sql"), wanted).unwrap();
    world
}

/// Refused without the renames, which are hinted at; with them the scripts lose nothing.
async fn is_hinted_and_written(old: &str, wanted: &str, renames: &[&str]) -> String {
    let world = world(old, wanted).await;
    let report = world.wrong(&["diff", "rename"]).await;
    for rename in renames {
        assert!(
            report.contains(&format!("`--rename {rename}`")),
            "{rename}: {report}"
        );
    }
    let script = written(&world, renames).await;
    world.end().await;
    script
}

async fn written(world: &World, renames: &[&str]) -> String {
    let mut arguments = vec!["diff", "rename", "--stdout"];
    arguments.extend(renames.iter().flat_map(|rename| ["--rename", rename]));
    let script = world.ok(&arguments).await;
    assert!(
        !script.contains("DROP TABLE") && !script.contains("DROP SEQUENCE"),
        "{script}"
    );
    assert!(!script.contains("data loss"), "{script}");
    script
}

#[tokio::test]
async fn a_table_with_a_serial_key_keeps_its_sequence_indexes_and_constraints() {
    let old = "CREATE TABLE crates (id serial PRIMARY KEY, name text UNIQUE, size int CHECK (size > 0));\n\
        CREATE INDEX crates_size_idx ON crates (size);\n\
        CREATE TABLE uses (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, crate_id int REFERENCES crates);\n";
    let wanted = old.replace("crates", "packages").replace("uses", "usages");
    let script = is_hinted_and_written(old, &wanted, &["crates=packages", "uses=usages"]).await;
    for statement in [
        "ALTER TABLE crates RENAME TO packages;",
        "ALTER SEQUENCE crates_id_seq RENAME TO packages_id_seq;",
        "ALTER TABLE packages RENAME CONSTRAINT crates_pkey TO packages_pkey;",
        "ALTER TABLE packages RENAME CONSTRAINT crates_name_key TO packages_name_key;",
        "ALTER TABLE packages RENAME CONSTRAINT crates_size_check TO packages_size_check;",
        "ALTER INDEX crates_size_idx RENAME TO packages_size_idx;",
        "ALTER SEQUENCE uses_id_seq RENAME TO usages_id_seq;",
        "ALTER TABLE usages RENAME CONSTRAINT uses_crate_id_fkey TO usages_crate_id_fkey;",
    ] {
        assert!(script.contains(statement), "{statement}\n{script}");
    }
    assert!(!script.contains("DROP"), "{script}");
}

#[tokio::test]
async fn a_renamed_column_carries_the_names_that_were_derived_from_it() {
    let old = "CREATE TABLE notes (id serial PRIMARY KEY, body text UNIQUE);\n";
    let wanted = "CREATE TABLE notes (id serial PRIMARY KEY, content text UNIQUE);\n";
    let script = is_hinted_and_written(old, wanted, &["notes.body=content"]).await;
    assert!(
        script.contains("ALTER TABLE notes RENAME CONSTRAINT notes_body_key TO notes_content_key;"),
        "{script}"
    );
    assert!(!script.contains("DROP"), "{script}");
    // Both at once: each name is the one before all renames, in any order.
    let wanted = "CREATE TABLE memos (id serial PRIMARY KEY, content text UNIQUE);\n";
    for renames in [
        ["notes=memos", "notes.body=content"],
        ["notes.body=content", "notes=memos"],
    ] {
        let world = world(old, wanted).await;
        let script = written(&world, &renames).await;
        assert!(
            script.contains("RENAME CONSTRAINT notes_body_key TO memos_content_key;"),
            "{script}"
        );
        world.end().await;
    }
}

#[tokio::test]
async fn a_table_moves_to_another_schema_that_is_new_or_not() {
    let old = "CREATE TABLE t (id serial PRIMARY KEY);\nCREATE TABLE u (id int);\n";
    let wanted =
        "CREATE SCHEMA s;\nCREATE TABLE s.t (id serial PRIMARY KEY);\nCREATE TABLE s.v (id int);\n";
    let script = is_hinted_and_written(old, wanted, &["t=s.t", "u=s.v"]).await;
    assert_eq!(script.matches("CREATE SCHEMA s;").count(), 1, "{script}");
    assert!(script.contains("ALTER TABLE t SET SCHEMA s;"), "{script}");
    let world = world(
        "CREATE SCHEMA s;\nCREATE TABLE s.t (id int);\n",
        "CREATE SCHEMA s;\nCREATE TABLE t (id int);\n",
    )
    .await;
    let script = written(&world, &["s.t=public.t"]).await;
    assert!(
        script.contains("ALTER TABLE s.t SET SCHEMA public;"),
        "{script}"
    );
    world.end().await;
}

#[tokio::test]
async fn types_labels_schemas_and_sequences_are_renamed() {
    let old = "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE t (m mood);\n";
    let wanted = "CREATE TYPE mood AS ENUM ('unhappy', 'ok');\nCREATE TABLE t (m mood);\n";
    let script = is_hinted_and_written(old, wanted, &["mood.sad=unhappy"]).await;
    assert!(
        script.contains("ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy';"),
        "{script}"
    );
    let wanted = old.replace("mood", "temper");
    let script = written(&world(old, &wanted).await, &["mood=temper"]).await;
    assert!(
        script.contains("ALTER TYPE mood RENAME TO temper;"),
        "{script}"
    );

    let old = "CREATE SCHEMA a;\nCREATE TABLE a.t (id serial PRIMARY KEY);\n";
    let script = is_hinted_and_written(
        old,
        &old.replace("a.t", "b.t").replace("SCHEMA a", "SCHEMA b"),
        &["a=b"],
    )
    .await;
    assert!(script.contains("ALTER SCHEMA a RENAME TO b;"), "{script}");

    let old = "CREATE SEQUENCE numbers START 7;\n";
    let wanted = "CREATE SEQUENCE codes START 7;\n";
    let script = written(&world(old, wanted).await, &["numbers=codes"]).await;
    assert!(
        script.contains("ALTER SEQUENCE numbers RENAME TO codes;"),
        "{script}"
    );
}

#[tokio::test]
async fn indexes_constraints_views_domains_and_fields_are_renamed() {
    let old = "CREATE TYPE place AS (x int, y int);\n\
        CREATE DOMAIN size AS int CONSTRAINT positive CHECK (VALUE > 0);\n\
        CREATE TABLE t (a int CONSTRAINT a_key UNIQUE, p place, s size);\n\
        CREATE INDEX i ON t (a);\n\
        CREATE VIEW v AS SELECT a FROM t;\n\
        CREATE MATERIALIZED VIEW m AS SELECT a FROM t;\n";
    let wanted = "CREATE TYPE place AS (x int, z int);\n\
        CREATE DOMAIN size AS int CONSTRAINT above_zero CHECK (VALUE > 0);\n\
        CREATE TABLE t (a int CONSTRAINT a_unique UNIQUE, p place, s size);\n\
        CREATE INDEX j ON t (a);\n\
        CREATE VIEW w AS SELECT a FROM t;\n\
        CREATE MATERIALIZED VIEW n AS SELECT a FROM t;\n";
    let world = world(old, wanted).await;
    let renames = [
        "place.y=z",
        "size.positive=above_zero",
        "t.a_key=a_unique",
        "i=j",
        "v=w",
        "m=n",
    ];
    let script = written(&world, &renames).await;
    assert!(
        !script.contains("DROP") && !script.contains("CREATE"),
        "{script}"
    );
    world.end().await;
}

#[tokio::test]
async fn a_rename_of_nothing_is_an_error_that_says_how_to_write_one() {
    let world = world("CREATE TABLE t (a int);\n", "CREATE TABLE t (b int);\n").await;
    let said = world.migrate(&["diff", "x", "--rename", "t.nope=b"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(
        said.err.contains("`t.nope` before the migration"),
        "{said:?}"
    );
    assert!(
        said.err.contains("help: write `--rename OLD=NEW`"),
        "{said:?}"
    );
    let said = world.migrate(&["diff", "x", "--rename", "t.a=u.b"]).await;
    assert!(
        said.err.contains("`u.b` is no new name for `t.a`"),
        "{said:?}"
    );
    world.end().await;
}

/// Applies the migrations, inserts three rows and deletes two, and applies what is written then.
async fn next_key_after(old: &str, wanted: &str) -> (String, String) {
    let world = world(old, wanted).await;
    world.ok(&["run"]).await;
    world
        .execute("INSERT INTO t (a) VALUES (1), (2), (3); DELETE FROM t WHERE a > 1")
        .await;
    world.ok(&["diff", "convert"]).await;
    world.ok(&["run"]).await;
    world.execute("INSERT INTO t (a) VALUES (4)").await;
    let forward = world.value("SELECT max(id) FROM t").await;
    world.ok(&["revert"]).await;
    world.execute("INSERT INTO t (a) VALUES (5)").await;
    let back = world.value("SELECT max(id) FROM t").await;
    world.ok(&["verify"]).await;
    world.end().await;
    (forward, back)
}

#[tokio::test]
async fn a_serial_key_that_becomes_an_identity_keeps_its_place_both_ways() {
    let serial = "CREATE TABLE t (id serial PRIMARY KEY, a int);\n";
    let identity = "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int);\n";
    let expected = ("4".to_owned(), "5".to_owned());
    assert_eq!(next_key_after(serial, identity).await, expected);
    assert_eq!(next_key_after(identity, serial).await, expected);
    let wide = "CREATE TABLE t (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a int);\n";
    assert_eq!(next_key_after(serial, wide).await, expected);
}
