//! The migrated database that is kept between runs: the next run migrates nothing, and gives the files of one from scratch.

use crate::command_line::xact;
use crate::processes::open_temp_folder;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use xact_server::Server;

/// A table whose name tells when it was built.
const BUILT: &str = "CREATE TABLE notes (id bigint PRIMARY KEY, body text);
    DO $$ BEGIN
        EXECUTE format('CREATE TABLE built_%s (id int)',
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    END $$;\n";

/// A project, a cache that only its processes use, and a folder for their servers.
struct KeptProject {
    project: TempDir,
    cache: TempDir,
    temp: TempDir,
}

impl KeptProject {
    fn new(migration: &str) -> Self {
        let kept = Self {
            project: tempfile::tempdir().unwrap(),
            cache: tempfile::tempdir().unwrap(),
            temp: open_temp_folder(),
        };
        kept.write("migrations/1_notes.up.sql", migration);
        kept.edit(0);
        kept
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.project.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Changes a query, so that the next run has something to ask.
    fn edit(&self, number: usize) {
        let sql =
            format!("-- name: notes :many\nSELECT id, body FROM notes WHERE id <> {number};\n");
        self.write("queries/notes.sql", &sql);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = xact(self.project.path(), arguments);
        command.env("XDG_CACHE_HOME", self.cache.path());
        command.env("TMPDIR", self.temp.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        check(self.command(arguments).output().unwrap())
    }

    /// When the database of the last run was built.
    fn built(&self) -> String {
        let schema = std::fs::read_to_string(self.project.path().join("schema.sql")).unwrap();
        let at = schema.find("built_").unwrap();
        schema[at..].split_whitespace().next().unwrap().to_owned()
    }

    /// The same after an edit of a query.
    fn built_after(&self, edit: usize) -> String {
        self.edit(edit);
        self.run(&["codegen"]);
        self.built()
    }

    fn databases(&self) -> PathBuf {
        self.cache.path().join("xact/databases")
    }

    fn kept(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.databases()).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// The generated files, by path.
    fn generated(&self) -> BTreeMap<PathBuf, String> {
        let root = self.project.path();
        let files = walkdir::WalkDir::new(root.join("src")).into_iter();
        let files = files.map(|entry| entry.unwrap().into_path());
        files
            .chain([root.join("schema.sql")])
            .filter_map(|path| Some((path.clone(), std::fs::read_to_string(path).ok()?)))
            .collect()
    }

    fn assert_no_server(&self) {
        let mut left = std::fs::read_dir(self.temp.path()).unwrap();
        assert!(left.next().is_none());
    }
}

fn check(output: Output) -> Output {
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{report}");
    output
}

#[test]
fn a_run_after_an_edit_migrates_nothing() {
    let kept = KeptProject::new(BUILT);
    kept.run(&["codegen"]);
    let built = kept.built();
    for edit in 1..3 {
        assert_eq!(kept.built_after(edit), built);
        kept.assert_no_server();
    }
    kept.run(&["explain", "notes"]);
    let schema = kept.run(&["schema", "--stdout"]);
    assert!(String::from_utf8(schema.stdout).unwrap().contains(&built));
    assert_eq!(kept.kept().len(), 1);
}

#[test]
fn the_files_are_those_of_a_run_from_scratch() {
    let kept = KeptProject::new(
        "CREATE ROLE reader; CREATE ROLE unused NOLOGIN;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE UNLOGGED TABLE passing (id int);
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, mood mood NOT NULL);
        INSERT INTO notes (body, mood) SELECT repeat('x', 5000) || n, 'good' FROM generate_series(1, 300) n;
        CREATE VIEW good_notes AS SELECT * FROM notes WHERE mood = 'good';
        CREATE MATERIALIZED VIEW bodies AS SELECT count(*) AS number FROM notes;
        GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;
        COMMENT ON TABLE notes IS 'All notes.';\n",
    );
    kept.write("xact.toml", "[scopes.reader]\nrole = \"reader\"\n");
    kept.run(&["codegen"]);
    kept.edit(1);
    let more = "-- name: good :many\nSELECT * FROM good_notes;\n\n-- name: number :many\nSELECT * FROM bodies;\n\n\
        -- name: by_mood :many\nSELECT n.id, n.mood FROM notes n WHERE n.mood = :mood;\n";
    kept.write("queries/more.sql", more);
    kept.run(&["codegen"]);
    let generated = kept.generated();
    assert_eq!(kept.kept().len(), 1);
    let other = tempfile::tempdir().unwrap();
    std::fs::remove_dir_all(kept.project.path().join("src")).unwrap();
    let mut command = kept.command(&["codegen"]);
    check(
        command
            .env("XDG_CACHE_HOME", other.path())
            .output()
            .unwrap(),
    );
    assert_eq!(kept.generated(), generated);
}

#[test]
fn a_check_and_a_forced_run_migrate_again() {
    let kept = KeptProject::new(BUILT);
    kept.run(&["codegen"]);
    let built = kept.built();
    let checked = kept.command(&["codegen", "--check"]).output().unwrap();
    assert_eq!(checked.status.code(), Some(1));
    kept.run(&["codegen", "--force"]);
    let forced = kept.built();
    assert_ne!(forced, built);
    assert_eq!(kept.built_after(1), forced, "the last one is kept");
}

#[test]
fn other_migrations_settings_of_sessions_and_builds_of_the_tool_migrate_again() {
    let kept = KeptProject::new(BUILT);
    kept.run(&["codegen"]);
    let first = kept.built();
    kept.edit(1);
    let mut command = kept.command(&["codegen"]);
    command.env("PGOPTIONS", "-c search_path=public,pg_catalog");
    check(command.output().unwrap());
    let second = kept.built();
    assert_ne!(second, first, "a setting");
    kept.edit(2);
    let other = kept.project.path().join("other-xact");
    std::fs::copy(env!("CARGO_BIN_EXE_xact"), &other).unwrap();
    let mut command = Command::new(other);
    command
        .arg("--project")
        .arg(kept.project.path())
        .arg("codegen");
    command.env("XDG_CACHE_HOME", kept.cache.path());
    command.env_remove("XACT_SERVER_URL");
    check(command.output().unwrap());
    let third = kept.built();
    assert_ne!(third, second, "a build");
    assert_eq!(kept.built_after(3), first, "as before");
    kept.write("migrations/2_more.up.sql", "CREATE TABLE more (id int);\n");
    let fourth = kept.built_after(4);
    assert!(![first, second, third].contains(&fourth), "a migration");
}

#[test]
fn a_database_that_a_copy_or_a_new_session_would_show_otherwise_is_not_kept() {
    for migration in [
        "ALTER DATABASE postgres SET search_path = pg_catalog, public;\n",
        "ALTER ROLE postgres SET search_path = pg_catalog, public;\n",
        "CREATE TEMPORARY TABLE passing (id int);\n",
        "-- no-transaction\nALTER SYSTEM SET search_path = pg_catalog, public;\n",
        "DO $$ BEGIN PERFORM pg_read_file('PG_VERSION'); END $$;\n",
    ] {
        let kept = KeptProject::new(BUILT);
        kept.write("migrations/2_more.up.sql", migration);
        kept.run(&["codegen"]);
        assert!(kept.kept().is_empty(), "{migration}");
        let built = kept.built();
        assert_ne!(kept.built_after(1), built, "{migration}");
    }
}

#[test]
fn a_damaged_database_is_none_and_is_replaced() {
    let kept = KeptProject::new(BUILT);
    kept.run(&["codegen"]);
    let [path] = kept.kept().try_into().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let flip = |at: usize| {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        flipped
    };
    let last = bytes.len() - 1;
    for (edit, damaged) in [
        flip(20),
        flip(1000),
        flip(last / 2),
        flip(last),
        bytes[..last / 2].to_vec(),
        [bytes.as_slice(), b"\0"].concat(),
        Vec::new(),
        b"another file".to_vec(),
    ]
    .into_iter()
    .enumerate()
    {
        let before = kept.built();
        std::fs::write(&path, damaged).unwrap();
        let built = kept.built_after(2 * edit + 1);
        assert_ne!(built, before, "{edit}");
        assert_eq!(kept.built_after(2 * edit + 2), built, "it was replaced");
        kept.assert_no_server();
    }
    // A folder in its place cannot be replaced, and is no error.
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    kept.built_after(100);
}

#[test]
fn a_killed_run_leaves_nothing_that_is_used() {
    let kept = KeptProject::new(BUILT);
    for milliseconds in (0..1600).step_by(200) {
        kept.edit(milliseconds);
        let mut run = kept.command(&["codegen", "--force"]);
        let mut run = run.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds as u64));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    let built = kept.built_after(5000);
    assert_eq!(kept.built_after(5001), built);
    kept.assert_no_server();
}

#[test]
fn two_runs_at_once_give_the_files_of_one() {
    let kept = KeptProject::new("CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n");
    for edit in 0..3 {
        kept.edit(edit);
        let start = || {
            kept.command(&["codegen"])
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut runs = [start(), start(), start()];
        assert!(runs.iter_mut().all(|run| run.wait().unwrap().success()));
        let generated = kept.generated();
        kept.run(&["codegen", "--check"]);
        assert_eq!(kept.generated(), generated);
    }
    assert_eq!(kept.kept().len(), 1);
    kept.assert_no_server();
}

#[test]
fn a_folder_that_others_may_enter_is_not_used() {
    let kept = KeptProject::new(BUILT);
    kept.run(&["codegen"]);
    let [path] = kept.kept().try_into().unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&kept.databases()), mode(&path)), (0o700, 0o600));
    let built = kept.built();
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(kept.databases(), open).unwrap();
    assert_ne!(kept.built_after(1), built);
}

#[test]
fn on_a_full_disk_nothing_is_kept_and_the_run_succeeds() {
    let kept = KeptProject::new(BUILT);
    let disk = tempfile::tempdir().unwrap();
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=4m,mode=0755", "tmpfs"])
        .arg(disk.path())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        eprintln!("NOT TESTED: a full disk. This user may not mount a file system: run it as root");
        return;
    }
    let mut command = kept.command(&["codegen"]);
    let output = command.env("XDG_CACHE_HOME", disk.path()).output();
    let left = std::fs::read_dir(disk.path().join("xact/databases"));
    // Their paths alone, because an open folder cannot be unmounted.
    let left = left
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path());
    let left: Vec<PathBuf> = left.collect();
    let unmounted = Command::new("umount").arg(disk.path()).status();
    check(output.unwrap());
    assert!(left.is_empty(), "{left:?}");
    assert!(unmounted.unwrap().success());
}

#[tokio::test]
async fn with_an_external_server_no_database_is_kept_and_none_is_used() {
    let kept = KeptProject::new(BUILT);
    let server = Server::start(None).await.unwrap();
    let folder = server.options().get_socket().unwrap().clone();
    let url = format!(
        "postgres://postgres@localhost/postgres?host={}",
        folder.display()
    );
    let run = || {
        let mut command = kept.command(&["codegen"]);
        check(command.env("XACT_SERVER_URL", &url).output().unwrap());
        kept.built()
    };
    run();
    assert!(kept.kept().is_empty());
    let private = kept.built_after(1);
    assert_eq!(kept.kept().len(), 1);
    kept.edit(2);
    assert_ne!(run(), private, "it migrates on the server that is named");
    assert_eq!(kept.built_after(3), private, "as it was kept");
    server.stop().await.unwrap();
}
