//! Postgres's own regression scripts, where they are there: each database that they leave survives, apart from objects that
//! an error names.
//!
//! `XACT_POSTGRES_SCRIPTS` is `src/test/regress` of a source tree of the server's version, and `XACT_POSTGRES_SCRIPT` lists
//! the scripts to run, `alter_table,domain`, when not all; their schemas are printed. They run without their DROP statements, because most of them clean
//! up.

use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection as _};
use xact_codegen::schema::catalog::ColumnOrder;
use xact_codegen::schema::{SchemaReadError, dump, read};

use super::corpus::files;
use super::server::{Database, copy_of, drop, empty, survives_in_order};

/// How often the objects that are named may be removed: each removal can leave others, such as the halves of an operator.
const ROUNDS: usize = 20;

#[tokio::test]
async fn databases_of_postgres_own_scripts_survive_but_for_objects_that_are_named() {
    let Some(folder) = std::env::var_os("XACT_POSTGRES_SCRIPTS") else {
        eprintln!("SKIPPED: XACT_POSTGRES_SCRIPTS names no src/test/regress");
        return;
    };
    let folder = PathBuf::from(folder);
    let only = std::env::var("XACT_POSTGRES_SCRIPT").ok();
    let prepared = empty().await;
    run_script(
        &folder,
        &prepared,
        &read_script(&folder.join("sql/test_setup.sql")),
    );
    let template = prepared.name().to_owned();
    prepared.connection.close().await.unwrap();
    let mut wrong = Vec::new();
    for file in files(&folder.join("sql"), ".sql") {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        if only
            .as_ref()
            .is_some_and(|only| only.split(',').all(|one| one != stem))
        {
            continue;
        }
        let database = copy_of(&template).await;
        run_script(&folder, &database, &without_drops(&read_script(&file)));
        // In a task of its own, whose panic is the report and ends nothing else.
        let checked = tokio::spawn(check(database)).await;
        eprintln!(
            "{stem}: {}",
            if checked.is_ok() { "survives" } else { "WRONG" }
        );
        if checked.is_err() {
            wrong.push(stem);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Removes the objects that are named, by the SQL of their help, and compares the rest.
async fn check(mut database: Database) {
    for _ in 0..ROUNDS {
        let objects = match read(&mut database.connection, &[]).await {
            Ok(schema) => {
                if std::env::var_os("XACT_POSTGRES_SCRIPT").is_some() {
                    eprintln!("{}", dump(&schema));
                }
                // A column that a parent got after its child tables is the last one there, and the first after a dump,
                // of Postgres too.
                survives_in_order(database, ColumnOrder::Ignored).await;
                return;
            }
            Err(SchemaReadError::Unsupported(objects)) => objects,
            Err(error) => panic!("{error}"),
        };
        let mut removed = 0;
        for object in &objects {
            let help = object.help();
            eprintln!("  named: {object}: {help}");
            let sql = help.rsplit('`').nth(1).unwrap();
            let result = sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(&mut database.connection)
                .await;
            match result {
                Ok(_) => removed += 1,
                Err(error) => eprintln!("  refused: {sql}: {error}"),
            }
        }
        if removed == 0 {
            drop(database).await;
            panic!("the help about none of these removes it: {objects:#?}");
        }
    }
    panic!("there is always another object");
}

fn read_script(file: &Path) -> String {
    // Some scripts have text in other encodings.
    String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()
}

/// Runs a script with all its errors, which most of them are about.
fn run_script(folder: &Path, database: &Database, script: &str) {
    let file = tempfile::NamedTempFile::new().unwrap();
    // A transaction that a script leaves open would be all that it did.
    std::fs::write(file.path(), format!("{script}\n;COMMIT;\n")).unwrap();
    // `regress.so` is not installed with a server: the functions in it are errors too.
    let library = std::env::var("PG_LIBDIR").unwrap_or_else(|_| "/nonexistent".to_owned());
    Command::new("psql")
        .args(["-qX", database.url(), "-f"])
        .arg(file.path())
        .env("PG_ABS_SRCDIR", folder)
        .env("PG_LIBDIR", library)
        .env("PG_DLSUFFIX", ".so")
        // Only the objects count, so a slow query, or one that waits for another session, may fail.
        .env(
            "PGOPTIONS",
            "-c lock_timeout=2s -c statement_timeout=5s -c allow_in_place_tablespaces=on",
        )
        .output()
        .unwrap();
}

/// The script without its DROP statements, and committed where it would roll back.
fn without_drops(script: &str) -> String {
    let mut kept = String::new();
    let mut is_dropping = false;
    for line in script.lines() {
        let lower = line.trim_start().to_lowercase();
        is_dropping |= lower.starts_with("drop ");
        if lower.starts_with("rollback;") {
            kept.push_str("COMMIT;\n");
        } else if !is_dropping {
            kept.push_str(line);
            kept.push('\n');
        }
        is_dropping &= !lower.contains(';');
    }
    kept
}
