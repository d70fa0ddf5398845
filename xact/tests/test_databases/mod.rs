//! Test databases: one for each test or one for a run, whatever happens to the processes that use them.

mod child;
mod home;

use std::time::{Duration, Instant};

use tempfile::TempDir;
use xact::sqlx::{PgConnection, query, query_scalar};
use xact::testing::{TestDatabase, TestDatabaseError};
use xact_server::Server;

use self::child::{Process, Said, command, run};

/// Migrations that no other test has, so that nobody else has built their template.
pub(super) fn migrations() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let unique = folder.path().display();
    let sql = format!(
        "-- {unique}\n\
         CREATE TABLE marks AS SELECT gen_random_uuid()::text AS mark;\n\
         CREATE TABLE notes (body text NOT NULL);\n"
    );
    std::fs::write(folder.path().join("1_notes.up.sql"), sql).unwrap();
    folder
}

pub(super) fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !done() {
        assert!(Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

async fn notes(connection: &mut PgConnection) -> i64 {
    query_scalar("SELECT count(*) FROM notes")
        .fetch_one(connection)
        .await
        .unwrap()
}

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .unwrap()
}

async fn wait_until_dropped(connection: &mut PgConnection, name: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while exists(connection, name).await {
        assert!(Instant::now() < deadline, "{name} is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn isolated_databases_see_nothing_of_each_other() {
    let migrations = migrations();
    let one = TestDatabase::isolated_from(&migrations).await.unwrap();
    let other = TestDatabase::isolated_from(&migrations).await.unwrap();
    let mut one = one.connect().await.unwrap();
    query("INSERT INTO notes VALUES ('one')")
        .execute(&mut one)
        .await
        .unwrap();
    assert_eq!(notes(&mut one).await, 1);
    assert_eq!(notes(&mut other.connect().await.unwrap()).await, 0);
}

#[tokio::test]
async fn databases_can_be_leased_on_many_runtimes_at_once() {
    let migrations = migrations();
    let folder = migrations.path().to_owned();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let folder = folder.clone();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime.unwrap().block_on(async {
                    let test = TestDatabase::isolated_from(folder).await.unwrap();
                    let mut connection = test.connect().await.unwrap();
                    query("INSERT INTO notes VALUES ('mine')")
                        .execute(&mut connection)
                        .await
                        .unwrap();
                    assert_eq!(notes(&mut connection).await, 1);
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn the_migrations_run_once_for_all_processes() {
    let migrations = migrations();
    let mut processes: Vec<Process> = (0..4)
        .map(|_| Process::start(&mut command("isolated", migrations.path())))
        .collect();
    let said: Vec<Said> = processes.iter_mut().map(Process::said).collect();
    for process in processes {
        process.end();
    }
    for one in &said {
        assert_eq!(one.mark, said[0].mark);
        assert_eq!(one.notes, 1);
        assert_eq!(
            said.iter().filter(|other| other.name == one.name).count(),
            1
        );
    }
}

#[test]
fn edited_migrations_run_again() {
    let migrations = migrations();
    let before = run(&mut command("isolated", migrations.path()));
    std::fs::write(
        migrations.path().join("2_more.up.sql"),
        "ALTER TABLE notes ADD more text;",
    )
    .unwrap();
    let after = run(&mut command("isolated", migrations.path()));
    assert_ne!(before.mark, after.mark);
}

#[test]
fn the_processes_of_one_run_share_a_database() {
    let migrations = migrations();
    let shared = || command("shared", migrations.path());
    let mut processes: Vec<Process> = (0..3).map(|_| Process::start(&mut shared())).collect();
    let said: Vec<Said> = processes.iter_mut().map(Process::said).collect();
    let later = run(&mut shared());
    assert!(said.iter().all(|one| one.name == later.name), "{said:?}");
    assert_eq!(later.notes, 4, "each has added a row and seen those before");
    let another = run(shared().env("NEXTEST_RUN_ID", "another run"));
    assert_ne!(another.name, later.name);
    assert_eq!(another.notes, 1);
    for process in processes {
        process.end();
    }
}

#[tokio::test]
async fn the_database_of_a_killed_process_is_dropped_by_another() {
    let migrations = migrations();
    let test = TestDatabase::isolated_from(&migrations).await.unwrap();
    let mut connection = test.connect().await.unwrap();
    let mut victim = Process::start(&mut command("isolated", migrations.path()));
    let name = victim.said().name;
    run(&mut command("isolated", migrations.path()));
    assert!(
        exists(&mut connection, &name).await,
        "its process still lives"
    );
    victim.kill();
    // A process drops leftovers in the background of its test, so a short one may end before.
    let deadline = Instant::now() + Duration::from_mins(1);
    while exists(&mut connection, &name).await {
        assert!(Instant::now() < deadline, "{name} is still there");
        run(&mut command("isolated", migrations.path()));
    }
}

#[tokio::test]
async fn a_database_is_dropped_after_its_test() {
    let migrations = migrations();
    let test = TestDatabase::isolated_from(&migrations).await.unwrap();
    let other = TestDatabase::isolated_from(&migrations).await.unwrap();
    let mut observer = other.connect().await.unwrap();
    let name = test.options().get_database().unwrap().to_owned();
    drop(test);
    wait_until_dropped(&mut observer, &name).await;
}

#[tokio::test]
async fn a_process_killed_while_it_migrates_leaves_that_to_the_next() {
    let server = Server::start(None).await.unwrap();
    let url = url_of(&server);
    let mut observer = server.connect().await.unwrap();
    let migrations = migrations();
    // The server may read this file, as the account that runs it may not enter the folder of the migrations.
    let go = server.options().get_socket().unwrap().join("go");
    let wait = format!(
        "DO $$ BEGIN WHILE pg_stat_file('{}', true) IS NULL LOOP PERFORM pg_sleep(0.01); END LOOP; END $$;",
        go.display()
    );
    std::fs::write(migrations.path().join("2_wait.up.sql"), wait).unwrap();
    let mut on_server = command("isolated", migrations.path());
    on_server.env("XACT_SERVER_URL", &url);

    let victim = Process::start(&mut on_server);
    let building =
        "SELECT max(datname::text) FROM pg_stat_activity WHERE datname LIKE 'xact_building_%'";
    let deadline = Instant::now() + Duration::from_mins(1);
    let half_built = loop {
        let found: Option<String> = query_scalar(building)
            .fetch_one(&mut observer)
            .await
            .unwrap();
        if let Some(found) = found {
            break found;
        }
        assert!(Instant::now() < deadline, "nothing is being built");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    victim.kill();
    std::fs::write(go, "").unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while exists(&mut observer, &half_built).await {
        assert!(Instant::now() < deadline, "{half_built} is still there");
        assert_eq!(run(&mut on_server).notes, 1);
    }
}

fn url_of(server: &Server) -> String {
    let options = server.options();
    let folder = options.get_socket().unwrap().display();
    format!("postgres://postgres@localhost/postgres?host={folder}")
}

#[tokio::test]
async fn a_server_given_by_url_has_the_databases() {
    let server = Server::start(None).await.unwrap();
    let mut observer = server.connect().await.unwrap();
    let migrations = migrations();
    for (variable, does) in [("XACT_SERVER_URL", "isolated"), ("DATABASE_URL", "shared")] {
        let mut process =
            Process::start(command(does, migrations.path()).env(variable, url_of(&server)));
        let said = process.said();
        assert!(exists(&mut observer, &said.name).await, "{variable}");
        process.end();
    }
}

#[tokio::test]
async fn a_refused_migration_is_named_and_leaves_nothing() {
    let migrations = migrations();
    std::fs::write(
        migrations.path().join("2_wrong.up.sql"),
        "CREATE TABLE wrong (x wrong);",
    )
    .unwrap();
    let error = TestDatabase::isolated_from(&migrations).await.unwrap_err();
    assert!(
        matches!(error, TestDatabaseError::Migrations { .. }),
        "{error:?}"
    );
    let message = error.to_string();
    let folder = migrations.path().display().to_string();
    assert!(
        message.contains(&folder) && message.contains(r#"type "wrong" does not exist"#),
        "{message}"
    );

    let working = self::migrations();
    let test = TestDatabase::isolated_from(&working).await.unwrap();
    let mine = "SELECT count(*) FROM pg_database WHERE datname LIKE 'xact\\_building\\_%' \
        AND split_part(datname, '_', 4) = split_part(current_database(), '_', 4)";
    let left: i64 = query_scalar(mine)
        .fetch_one(&mut test.connect().await.unwrap())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_role_that_exists_is_explained() {
    let migrations = migrations();
    std::fs::write(
        migrations.path().join("2_role.up.sql"),
        "CREATE ROLE postgres;",
    )
    .unwrap();
    let message = TestDatabase::isolated_from(&migrations)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("help: roles belong to the whole server"),
        "{message}"
    );
}

#[tokio::test]
async fn a_folder_without_migrations_gives_an_empty_database() {
    let folder = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&folder).await.unwrap();
    let tables: i64 = query_scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_one(&mut test.connect().await.unwrap())
        .await
        .unwrap();
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let message = TestDatabase::isolated_from("no/such/folder")
        .await
        .unwrap_err()
        .to_string();
    assert!(message.contains("no/such/folder"), "{message}");
}

#[tokio::test]
async fn databases_of_processes_that_end_at_once_do_not_pile_up() {
    let migrations = migrations();
    let first = run(&mut command("isolated", migrations.path()));
    // `xact_test_<hash>_…`
    let hash = first.name.split('_').nth(2).unwrap().to_owned();
    let mut most = 0;
    let observer = TestDatabase::isolated_from(&migrations).await.unwrap();
    let mut observer = observer.connect().await.unwrap();
    let count =
        format!("SELECT count(*) FROM pg_database WHERE datname LIKE 'xact\\_%\\_{hash}\\_%'");
    for _ in 0..60 {
        run(&mut command("at once", migrations.path()));
        let left: i64 = query_scalar(xact::sqlx::AssertSqlSafe(count.as_str()))
            .fetch_one(&mut observer)
            .await
            .unwrap();
        most = most.max(left);
    }
    // The stock, 8 that are tolerated, and those of the moment.
    assert!(most < 40, "{most} databases");
}

/// Where the kernel lets this user make a namespace of processes; numbers of processes begin with 1 in each.
fn in_a_namespace(does: &str, migrations: &std::path::Path) -> Option<Said> {
    let unshare = ["--pid", "--fork", "--mount-proc", "--"];
    let allowed = std::process::Command::new("unshare")
        .args(unshare)
        .arg("true")
        .output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let child = command(does, migrations);
    let mut inside = std::process::Command::new("unshare");
    inside
        .args(unshare)
        .args(["sh", "-c", "\"$@\"; exit $?", "sh"]);
    inside.arg(child.get_program()).args(child.get_args());
    for (name, value) in child.get_envs() {
        match value {
            Some(value) => inside.env(name, value),
            None => inside.env_remove(name),
        };
    }
    inside.env_remove("NEXTEST_RUN_ID");
    inside.stdin(std::process::Stdio::piped());
    inside.stdout(std::process::Stdio::piped());
    Some(run(&mut inside))
}

#[test]
fn runs_in_namespaces_of_their_own_share_no_database() {
    let migrations = migrations();
    let shared = || in_a_namespace("shared", migrations.path());
    let (Some(one), Some(other)) = (shared(), shared()) else {
        println!("skipped: this user may not make a namespace of processes");
        return;
    };
    // In both, the parent is process 1.
    assert_ne!(one.name, other.name);
    assert_eq!((one.notes, other.notes), (1, 1));
}
