//! A disk that is full, really: a small file system with the tables of a tablespace on it.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xact::sqlx::postgres::PgPoolOptions;
use xact::sqlx::{AssertSqlSafe, PgConnection, query_scalar, raw_sql};
use xact_server::Server;

use crate::orm::Admin;
use crate::server::SCHEMA;

/// A file system of a few megabytes in memory, until it is dropped.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// For the account that owns this file; or why there can be none.
    fn mount(owned_like: &Path) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("xact-disk-")
            .tempdir_in("/tmp")
            .unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let disk = folder.path().join("disk");
        std::fs::create_dir(&disk).unwrap();
        let owner = std::fs::metadata(owned_like).map_err(|error| error.to_string())?;
        let options = format!("size=4m,mode=700,uid={},gid={}", owner.uid(), owner.gid());
        let mount = ["-t", "tmpfs", "-o", &options, "tmpfs"];
        let mounted = Command::new("mount").args(mount).arg(&disk).output();
        let mounted = mounted.map_err(|error| error.to_string())?;
        if mounted.status.success() {
            return Ok(Self { folder });
        }
        Err(String::from_utf8_lossy(&mounted.stderr).into_owned())
    }

    /// Makes room.
    fn grow(&self) {
        let grown = Command::new("mount")
            .args(["-o", "remount,size=64m"])
            .arg(self.path())
            .status();
        assert!(grown.unwrap().success());
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .status();
    }
}

async fn data_folder(connection: &mut PgConnection) -> PathBuf {
    let folder: String = query_scalar("SHOW data_directory")
        .fetch_one(connection)
        .await
        .unwrap();
    folder.into()
}

const FILL: &str =
    "INSERT INTO pages SELECT repeat(md5(n::text), 60) FROM generate_series(1, 10000) n";

#[tokio::test]
async fn a_disk_that_fills_up_in_a_transaction_is_an_error_nothing_is_committed_and_the_pool_recovers()
 {
    // A server of its own, for a tablespace belongs to the whole server.
    let server = Server::start(None).await.unwrap();
    let mut owner = server.connect().await.unwrap();
    let disk = match SmallDisk::mount(&data_folder(&mut owner).await) {
        Ok(disk) => disk,
        Err(error) => {
            eprintln!("SKIPPED: no small disk can be mounted, which takes root: {error}");
            return;
        }
    };
    let location = disk.path().display().to_string();
    for sql in [
        SCHEMA.to_owned(),
        format!("CREATE TABLESPACE small LOCATION '{location}'"),
        "CREATE TABLE pages (text text) TABLESPACE small".to_owned(),
    ] {
        raw_sql(AssertSqlSafe(sql))
            .execute(&mut owner)
            .await
            .unwrap();
    }
    let pool = xact::Pool::from_options(PgPoolOptions::new().max_connections(1), server.options());
    let filled = pool.xact(Admin, async |q| {
        q.orm().users_insert("half", None).await?;
        q.sql("pages_fill", FILL).execute().await
    });
    let error = filled.await.unwrap_err();
    assert!(error.is_disk_full() && !error.is_retryable(), "{error}");
    assert_eq!(error.query(), Some("pages_fill"));
    assert!(
        error.to_string().contains("could not extend file"),
        "{error}"
    );
    // Tables on other disks are usable at once, by the same connection.
    let users = pool.xact(Admin, async |q| q.orm().users_list(0).await);
    assert!(users.await.unwrap().is_empty());
    disk.grow();
    let written = pool.xact(Admin, async |q| {
        q.orm().users_insert("whole", None).await?;
        q.sql("pages_fill", FILL).execute().await
    });
    written.await.unwrap();
    assert_eq!(pool.size(), 1);
    let users: Vec<String> = query_scalar("SELECT email FROM users")
        .fetch_all(&mut owner)
        .await
        .unwrap();
    assert_eq!(users, ["whole"]);
    pool.close().await;
    drop(owner);
    server.stop().await.unwrap();
}
