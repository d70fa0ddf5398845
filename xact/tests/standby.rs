//! A server that takes no writes where they are expected is said so, and no connection to it is kept.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;

use xact::generated::Query;
use xact::sqlx::postgres::PgPoolOptions;
use xact::sqlx::{Executor as _, query_scalar};
use xact::{Pool, PoolSettings, TargetSessionAttrs, TransactionOptions};
use xact_server::Server;

use crate::orm::Admin;
use crate::server::{SCHEMA, closed, database};

/// Ends the server with its own input, that is also when this process is killed.
const SUPERVISED: &str = r#""$@" & cat > /dev/null; kill -INT $!; wait"#;

/// A physical standby of a primary. Dropping it ends both.
struct Standby {
    supervisor: Child,
    folder: tempfile::TempDir,
    _primary: Server,
}

impl Standby {
    async fn start() -> Self {
        let primary = Server::start(None).await.unwrap();
        let mut connection = primary.connect().await.unwrap();
        connection.execute(SCHEMA).await.unwrap();
        let programs = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
        let programs: String = query_scalar(programs)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        let programs = PathBuf::from(programs);
        let socket = primary.options().get_socket().unwrap().clone();
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let data = folder.path().join("data");
        let copied = Command::new(programs.join("pg_basebackup"))
            .args(["-U", "postgres", "-p", "5432", "-c", "fast", "-R", "-h"])
            .arg(&socket)
            .arg("-D")
            .arg(&data)
            .output()
            .unwrap();
        assert!(copied.status.success(), "{copied:?}");
        // Postgres refuses root; whoever owns the primary owns the standby.
        let owner = std::fs::metadata(&socket).unwrap();
        own(folder.path(), owner.uid(), owner.gid());
        let mut command = Command::new("sh");
        command
            .args(["-c", SUPERVISED, "sh"])
            .arg(programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-p", "5432", "-c", "listen_addresses="])
            .args(["-c", "max_connections=200", "-c", "fsync=off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if owner.uid() != std::fs::metadata("/proc/self").unwrap().uid() {
            command.uid(owner.uid()).gid(owner.gid());
        }
        let supervisor = command.spawn().unwrap();
        Self {
            supervisor,
            folder,
            _primary: primary,
        }
    }

    fn settings(&self, parameters: &str) -> PoolSettings {
        let socket = self.folder.path().display();
        let url = format!("postgres://postgres@localhost/postgres?host={socket}&{parameters}");
        let settings = PoolSettings::from_url(&url).unwrap();
        settings.acquire_timeout(Duration::from_millis(600))
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ended = self.supervisor.wait();
    }
}

fn own(path: &Path, uid: u32, gid: u32) {
    chown(path, Some(uid), Some(gid)).unwrap();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            own(&entry.unwrap().path(), uid, gid);
        }
    }
}

static PROMOTE: Query = Query {
    name: "promote",
    file: "queries/promote.sql",
    sql: "SELECT pg_promote(false)",
    parameters: &[],
    columns: &[16],
    names: "",
};

#[tokio::test]
async fn a_standby_is_refused_where_writes_are_expected_until_it_is_promoted() {
    let standby = Standby::start().await;
    let pool = Pool::from_settings(&standby.settings(""));
    let reads = pool.with(TransactionOptions::new().read_only());
    reads
        .wait_until_ready(Duration::from_mins(1))
        .await
        .unwrap();
    reads.check().await.unwrap();
    let users = reads.xact(Admin, async |q| q.orm().users_list(0).await);
    assert!(users.await.unwrap().is_empty());

    let error = pool.check().await.unwrap_err();
    assert!(error.is_read_only() && !error.is_unreachable(), "{error:?}");
    let too_early = pool.wait_until_ready(Duration::from_millis(300)).await;
    assert!(too_early.unwrap_err().is_read_only());

    let wanted = Pool::from_settings(&standby.settings("target_session_attrs=standby"));
    wanted.check().await.unwrap();
    for attrs in ["read-write", "primary"] {
        let settings = standby.settings(&format!("target_session_attrs={attrs}"));
        let error = Pool::from_settings(&settings)
            .begin(Admin)
            .await
            .unwrap_err();
        assert!(error.is_read_only() && error.is_unreachable(), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "begin in scope `admin`: the server has no session with target_session_attrs={attrs}"
            )
        );
    }

    let primary = standby
        .settings("")
        .target_session_attrs(TargetSessionAttrs::Primary);
    let primary = Pool::from_settings(&primary.acquire_timeout(Duration::from_mins(1)));
    let waiting = tokio::spawn(async move {
        let written = primary.xact(Admin, async |q| q.orm().users_insert("a", None).await);
        written.await.map(drop)
    });
    reads
        .xact(Admin, async |q| {
            q.orm().run.execute(PROMOTE.arguments()).await
        })
        .await
        .unwrap();
    waiting.await.unwrap().unwrap();
    pool.wait_until_ready(Duration::from_mins(1)).await.unwrap();
    pool.check().await.unwrap();
    assert!(wanted.begin(Admin).await.is_ok(), "what is idle is kept");
}

static READ_ONLY: Query = Query {
    name: "read_only",
    file: "queries/read_only.sql",
    sql: "SET TRANSACTION READ ONLY",
    parameters: &[],
    columns: &[],
    names: "",
};

/// The session of a primary that became a standby stays, behind some proxies, and refuses every write.
#[tokio::test]
async fn a_connection_that_refuses_a_write_is_closed() {
    let (pool, _observer) = database(1).await;
    for swallowed in [false, true] {
        let refused = pool.xact(Admin, async |q| {
            q.orm().run.execute(READ_ONLY.arguments()).await?;
            match q.orm().users_insert("a", None).await {
                Err(error) if swallowed => {
                    assert!(error.is_read_only(), "{error:?}");
                    Ok(0)
                }
                ended => ended,
            }
        });
        assert!(refused.await.is_err());
        closed(&pool).await;
    }
}

#[tokio::test]
async fn a_connection_whose_transaction_was_asked_to_be_read_only_is_kept() {
    let (pool, mut observer) = database(1).await;
    let reads = pool.with(TransactionOptions::new().read_only());
    let refused = reads.xact(Admin, async |q| q.orm().users_insert("a", None).await);
    assert!(refused.await.unwrap_err().is_read_only());
    let kept = observer.backends().await;
    pool.xact(Admin, async |q| {
        assert_eq!(vec![q.orm().backend().await?], kept);
        Ok::<_, xact::Error>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_check_has_a_deadline_of_its_own() {
    let (busy, _observer) = database(1).await;
    let _held = busy.begin(Admin).await.unwrap();
    let begun = std::time::Instant::now();
    let error = busy.check().await.unwrap_err();
    assert!(error.is_pool_exhausted(), "{error:?}");
    // A sixth of the ten seconds of this pool.
    assert!(
        begun.elapsed() < Duration::from_secs(8),
        "{:?}",
        begun.elapsed()
    );
    let nowhere = "postgres://postgres@127.0.0.1:1/app".parse().unwrap();
    let pool = Pool::from_options(PgPoolOptions::new(), nowhere);
    let begun = std::time::Instant::now();
    assert!(pool.check().await.unwrap_err().is_unreachable());
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
}
