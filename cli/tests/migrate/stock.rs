//! Stock sqlx on the same folder and database: `sqlx-cli`, and the migrator of an application.

use super::world::World;
use std::path::PathBuf;
use std::process::Command;

async fn world() -> World {
    World::new(&[
        ("1_notes.up.sql", "CREATE TABLE notes (id bigint);\n"),
        ("1_notes.down.sql", "DROP TABLE notes;\n"),
        (
            "2_more_tags.up.sql",
            "-- depends: 1\nCREATE TABLE tags (id bigint);\n",
        ),
        ("2_more_tags.down.sql", "DROP TABLE tags;\n"),
        (
            "3_index.up.sql",
            "-- no-transaction\nCREATE INDEX CONCURRENTLY tags_id ON tags (id);\n",
        ),
        (
            "3_index.down.sql",
            "-- no-transaction\nDROP INDEX CONCURRENTLY tags_id;\n",
        ),
    ])
    .await
}

/// `sqlx-cli`, from `just sqlx-cli`.
fn stock() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/sqlx-cli/bin/sqlx");
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("SKIPPED: there is no sqlx-cli in target/sqlx-cli; `just sqlx-cli` installs it");
    None
}

fn sqlx(program: &PathBuf, world: &World, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .arg("migrate")
        .args(arguments)
        .args(["--no-dotenv", "--source"])
        .arg(world.folder())
        .args(["--database-url", &world.url])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    text.into_owned()
}

const ROWS: &str = "SELECT string_agg(version || ' ' || description || ' ' || success || ' ' || encode(checksum, 'hex'), E'\\n' ORDER BY version) FROM _sqlx_migrations";

#[tokio::test]
async fn sqlx_cli_takes_over_where_xact_stopped_and_the_other_way_round() {
    let Some(program) = stock() else { return };
    let ours = world().await;
    ours.ok(&["run", "--to", "1"]).await;
    let text = sqlx(&program, &ours, &["run"]);
    assert!(
        !text.contains("1/migrate") && text.contains("2/migrate"),
        "{text}"
    );
    let report = ours.ok(&["run"]).await;
    assert_eq!(report, "the database is up to date\n");
    assert!(
        ours.ok(&["status"])
            .await
            .ends_with("the database is up to date\n")
    );

    let theirs = world().await;
    sqlx(&program, &theirs, &["run", "--target-version", "2"]);
    theirs.ok(&["run"]).await;
    let text = sqlx(&program, &theirs, &["info"]);
    assert_eq!(text.matches("installed").count(), 3, "{text}");
    assert_eq!(ours.value(ROWS).await, theirs.value(ROWS).await);

    sqlx(&program, &ours, &["revert"]);
    let report = ours.ok(&["revert"]).await;
    assert_eq!(report, "reverted: migrations/2_more_tags.down.sql\n");
    theirs.ok(&["revert"]).await;
    let text = sqlx(&program, &theirs, &["revert"]);
    assert!(text.contains("2/revert"), "{text}");
    assert_eq!(ours.value(ROWS).await, theirs.value(ROWS).await);
    ours.end().await;
    theirs.end().await;
}

#[tokio::test]
async fn the_migrator_of_an_application_agrees_in_both_directions() {
    let ours = world().await;
    let migrator = sqlx::migrate::Migrator::new(ours.folder()).await.unwrap();
    ours.ok(&["run", "--to", "2"]).await;
    migrator.run(&mut ours.connect().await).await.unwrap();
    assert_eq!(ours.ok(&["run"]).await, "the database is up to date\n");

    let theirs = world().await;
    migrator
        .run_to(2, &mut theirs.connect().await)
        .await
        .unwrap();
    theirs.ok(&["run"]).await;
    migrator.run(&mut theirs.connect().await).await.unwrap();
    assert_eq!(ours.value(ROWS).await, theirs.value(ROWS).await);
    ours.end().await;
    theirs.end().await;
}

#[tokio::test]
async fn migrations_embedded_in_an_application_are_those_of_the_folder() {
    static EMBEDDED: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");
    let world = World::new(&[]).await;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let run = super::world::migrate(&root, &["run"])
        .env("DATABASE_URL", &world.url)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let before = world.value(ROWS).await;
    EMBEDDED.run(&mut world.connect().await).await.unwrap();
    assert_eq!(world.value(ROWS).await, before);
    world.end().await;
}

#[tokio::test]
async fn stock_sqlx_waits_while_xact_migrates_and_refuses_what_was_interrupted() {
    use sqlx::migrate::Migrate as _;
    let world = world().await;
    let mut stock = world.connect().await;
    stock.lock().await.unwrap();
    let said = world.migrate(&["run", "--wait", "0"]).await;
    assert_eq!(said.code, 2, "{said:?}");
    stock.unlock().await.unwrap();
    world.write(
        "4_bad.up.sql",
        "-- no-transaction\nCREATE TABLE u (id int);\nVACUUM nope;\n",
    );
    world.wrong(&["run"]).await;
    assert_eq!(
        stock.dirty_version("_sqlx_migrations").await.unwrap(),
        Some(4)
    );
    let migrator = sqlx::migrate::Migrator::new(world.folder()).await.unwrap();
    let refused = migrator.run(&mut stock).await.unwrap_err();
    assert!(
        refused.to_string().contains("partially applied"),
        "{refused}"
    );
    world.end().await;
}
