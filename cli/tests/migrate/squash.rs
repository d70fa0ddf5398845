//! `squash`: many migrations become one with the same result.

use super::world::World;
use std::process::Command;

fn git(world: &World, arguments: &[&str]) {
    let status = Command::new("git")
        .arg("-C")
        .arg(world.project.path())
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success());
}

/// Three migrations that leave rows and a used sequence, and one that builds on them; in git.
async fn world() -> World {
    let world = World::new(&[
        (
            "1_notes.up.sql",
            "CREATE TABLE notes (id serial PRIMARY KEY, body text, kind_id int);\n\
             CREATE TABLE kinds (id int PRIMARY KEY, name text NOT NULL);\n",
        ),
        ("1_notes.down.sql", "DROP TABLE notes, kinds;\n"),
        (
            "2_rows.up.sql",
            "INSERT INTO kinds VALUES (1, 'it''s'), (2, 'two');\n\
             INSERT INTO notes (body, kind_id) VALUES ('a', 1), (NULL, 2);\n",
        ),
        (
            "3_fkey.up.sql",
            "ALTER TABLE notes ADD FOREIGN KEY (kind_id) REFERENCES kinds;\n",
        ),
        (
            "4_more.up.sql",
            "-- depends: 2 3\nALTER TABLE notes ADD more text;\n",
        ),
    ])
    .await;
    std::fs::write(world.project.path().join(".gitignore"), "data\n").unwrap();
    git(&world, &["init", "-q"]);
    git(&world, &["add", "."]);
    git(&world, &["commit", "-qm", "one"]);
    world
}

#[tokio::test]
async fn migrations_become_one_that_builds_the_same_schema_rows_and_sequences() {
    let world = world().await;
    let report = world.ok(&["squash", "--to", "3", "beginning"]).await;
    assert!(
        report.contains("3 migrations build the same schema as migrations/3_beginning.up.sql"),
        "{report}"
    );
    let mut names: Vec<String> = std::fs::read_dir(world.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["3_beginning.up.sql", "4_more.up.sql"]);
    world.ok(&["run"]).await;
    let rows = "SELECT string_agg(n.id || coalesce(n.body, '-') || k.name, ' ' ORDER BY n.id) \
        FROM notes n JOIN kinds k ON k.id = n.kind_id";
    assert_eq!(world.value(rows).await, "1ait's 2-two");
    world
        .execute("INSERT INTO notes (body) VALUES ('next')")
        .await;
    assert_eq!(world.value("SELECT max(id) FROM notes").await, "3");
    let migrator = sqlx::migrate::Migrator::new(world.folder()).await.unwrap();
    migrator.run(&mut world.connect().await).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn a_database_that_has_all_of_them_gets_the_record_of_the_one() {
    let world = world().await;
    world.ok(&["run", "--to", "3"]).await;
    world.ok(&["squash", "--to", "3"]).await;
    let status = world.migrate(&["status"]).await;
    assert_eq!(status.code, 3, "{status:?}");
    assert!(status.out.contains("3  squashed  applied"), "{status:?}");
    assert_eq!(
        world.ok(&["run"]).await,
        "recorded: migrations/3_squashed.up.sql, in place of 3 migrations that it replaces\n\
         applied: migrations/4_more.up.sql\n\
         the database is up to date\n"
    );
    // The records keep their time, so the later one is not out of order.
    let status = world.ok(&["status"]).await;
    assert!(!status.contains("out of order"), "{status}");
    let migrator = sqlx::migrate::Migrator::new(world.folder()).await.unwrap();
    migrator.run(&mut world.connect().await).await.unwrap();
    assert_eq!(world.ok(&["run"]).await, "the database is up to date\n");

    // Once more, with the one among those that are replaced.
    git(&world, &["add", "-A"]);
    git(&world, &["commit", "-qm", "two"]);
    world.ok(&["squash", "again"]).await;
    let report = world.ok(&["run"]).await;
    assert!(
        report.starts_with("recorded: migrations/4_again.up.sql, in place of 2 migrations"),
        "{report}"
    );
    world.ok(&["status", "--drift"]).await;
    world.end().await;
}

#[tokio::test]
async fn a_database_that_has_only_some_of_them_is_refused_and_unchanged() {
    let world = world().await;
    world.ok(&["run", "--to", "2"]).await;
    world.ok(&["squash", "--to", "3"]).await;
    let report = world.wrong(&["run"]).await;
    for part in [
        "error[partly-squashed]: the database has 2 of the 3 migrations that this one replaces",
        "note: it lacks `3_fkey`",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    let versions = "SELECT string_agg(version::text, ' ' ORDER BY version) FROM _sqlx_migrations";
    assert_eq!(world.value(versions).await, "1 2");
    world.end().await;
}

#[tokio::test]
async fn files_that_git_does_not_have_are_not_replaced() {
    let world = world().await;
    world.write("5_new.up.sql", "SELECT 1;\n");
    let said = world.migrate(&["squash"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("help: commit them first"), "{said:?}");
    assert_eq!(std::fs::read_dir(world.folder()).unwrap().count(), 6);
    world.end().await;
}
