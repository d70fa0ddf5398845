//! The disk of the database runs full in the middle of a migration: nothing is lost, `status` tells the
//! truth, the next run continues once there is room.
//!
//! A file system of its own is mounted for it, which takes a user who may do that.

use crate::command_line::xact;
use rustix::fs::statvfs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

const MEGABYTE: u64 = 1 << 20;
/// Where the small disk is mounted, in the folder of a world.
const DISK: &str = "disk";
const KEPT: &str = "CREATE TABLE kept AS SELECT 42 AS answer;\n";

/// A project, and a small disk for its local cluster.
struct World {
    folder: TempDir,
}

impl World {
    /// None if this user may not mount.
    fn new() -> Option<Self> {
        let prefix = tempfile::Builder::new()
            .prefix("xact-disk-")
            .tempdir_in("/tmp");
        let folder = prefix.unwrap();
        // The server may run as another user, who has to pass.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        std::fs::create_dir(folder.path().join(DISK)).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256m,mode=0755", "tmpfs"])
            .arg(folder.path().join(DISK))
            .status();
        if !mount.is_ok_and(|status| status.success()) {
            eprintln!(
                "NOT TESTED: a full disk. This user may not mount a file system: run it as root"
            );
            return None;
        }
        let world = Self { folder };
        std::fs::create_dir_all(world.migrations()).unwrap();
        Some(world)
    }

    fn disk(&self) -> PathBuf {
        self.folder.path().join(DISK)
    }

    fn migrations(&self) -> PathBuf {
        self.folder.path().join("shop/migrations")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.migrations().join(name), text).unwrap();
    }

    /// Exit code, and all it said.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = xact(&self.folder.path().join("shop"), arguments);
        command.env("XACT_LOCAL_DIR", self.disk().join("local"));
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout) + &text(output.stderr),
        )
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let (code, said) = self.run(arguments);
        assert_eq!(code, 0, "{said}");
        said
    }

    /// Leaves a few megabytes of the disk.
    fn fill(&self) {
        let disk = statvfs(self.disk()).unwrap();
        let free = disk.f_bavail * disk.f_bsize;
        let ballast = std::fs::File::create(self.ballast()).unwrap();
        let mut nothing = std::io::repeat(0).take(free - 12 * MEGABYTE);
        std::io::copy(&mut nothing, &mut &ballast).unwrap();
    }

    fn make_room(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.disk().join("ballast")
    }

    /// Runs the migration on a full disk, makes room, and gives the output of `status`.
    fn run_full(&self, file: &str, text: &str) -> String {
        self.write("1_kept.up.sql", KEPT);
        self.ok(&["dev", "up"]);
        self.write(file, text);
        self.fill();
        let (code, said) = self.run(&["migrate", "run"]);
        assert_ne!(code, 0, "{said}");
        self.make_room();
        self.start_again(file, text);
        self.run(&["migrate", "status"]).1
    }

    /// A server that could not write its log stopped: it is started without the migration at hand.
    fn start_again(&self, file: &str, text: &str) {
        std::fs::remove_file(self.migrations().join(file)).unwrap();
        self.run(&["dev", "up"]);
        self.write(file, text);
    }

    async fn value(&self, sql: &'static str) -> i64 {
        use sqlx::Connection as _;
        let url = self.ok(&["dev", "url"]);
        let mut connection = sqlx::PgConnection::connect(url.trim()).await.unwrap();
        sqlx::query_scalar(sql)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.run(&["dev", "down", "--purge"]);
        unmount(&self.disk());
    }
}

fn unmount(disk: &Path) {
    let status = Command::new("umount").arg("--lazy").arg(disk).status();
    assert!(status.unwrap().success() || std::thread::panicking());
}

/// Tables of some forty megabytes: one whose rows go through the log as well, and one whose rows do not.
const LOGGED: &str = "CREATE TABLE";
const UNLOGGED: &str = "CREATE UNLOGGED TABLE";

fn large(create: &str) -> String {
    format!(
        "{create} large AS SELECT g, repeat(md5(g::text), 30) FROM generate_series(1, 40000) g;\n"
    )
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_of_a_migration_and_the_next_run_applies_it() {
    for create in [LOGGED, UNLOGGED] {
        let Some(world) = World::new() else { return };
        let text = format!("CREATE TABLE half (id int);\n{}", large(create));
        let status = world.run_full("2_large.up.sql", &text);
        assert!(status.contains("1  kept   applied"), "{status}");
        assert!(status.contains("2  large  pending"), "{status}");
        assert_eq!(world.value("SELECT count(to_regclass('half'))").await, 0);
        world.ok(&["migrate", "run"]);
        assert_eq!(world.value("SELECT count(*) FROM large").await, 40_000);
        assert_eq!(world.value("SELECT answer::bigint FROM kept").await, 42);
    }
}

#[tokio::test]
async fn a_full_disk_outside_a_transaction_is_continued_where_it_stopped() {
    for create in [LOGGED, UNLOGGED] {
        let Some(world) = World::new() else { return };
        let text = format!(
            "-- no-transaction\nCREATE TABLE half (id int);\n{}",
            large(create)
        );
        let status = world.run_full("2_large.up.sql", &text);
        let told = "interrupted while it was being applied at migrations/2_large.up.sql:3";
        assert!(status.contains(told), "{status}");
        world.ok(&["migrate", "run"]);
        assert_eq!(world.value("SELECT count(*) FROM large").await, 40_000);
        assert_eq!(world.value("SELECT count(to_regclass('half'))").await, 1);
        assert_eq!(world.value("SELECT answer::bigint FROM kept").await, 42);
    }
}
