//! The lock under which a database is migrated: stock sqlx's, so that its tools and this one wait
//! for each other.
//!
//! It belongs to the connection, and Postgres releases it when that ends, however it ends.

use super::progress::{Event, Observer};
use super::{Session, pooler};
use crate::catalog_query::fetch_catalog_with;
use crate::report::{Failure, Stop};
use crc::{CRC_32_ISO_HDLC, Crc};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use std::time::{Duration, Instant};

/// Stock sqlx multiplies the checksum of the database's name by this.
const FACTOR: i64 = 0x3d32_ad9e;

/// How long to wait for another process that migrates.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// As long as it takes.
    Endless,
    /// Not longer than this.
    Until(Duration),
}

/// Who holds the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Its server process.
    pub pid: i32,
    /// Its application name.
    pub application: String,
    /// Its role.
    pub role: String,
    /// The statement that it runs or ran last.
    pub statement: String,
    /// For how many seconds it has been connected.
    pub seconds: i64,
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let application = match self.application.as_str() {
            "" => "a session without a name",
            name => name,
        };
        let Self {
            pid, role, seconds, ..
        } = self;
        write!(
            f,
            "process {pid} ({application}, role {role}, connected for {seconds} s)"
        )
    }
}

/// Runs `work` under the lock, and releases it whatever comes of that.
pub(super) async fn run_under_lock<T>(
    session: &mut Session,
    patience: Patience,
    observer: Observer<'_>,
    work: impl AsyncFnOnce(&mut Session) -> Result<T, Stop>,
) -> Result<T, Stop> {
    // Before the lock: behind a transaction pooler it would be taken by a session that someone else
    // gets next.
    pooler::refuse_pooler(session).await?;
    session.prepare().await?;
    let id = read_lock_id(&mut session.connection).await?;
    acquire_lock(&mut session.connection, id, patience, observer).await?;
    let worked = work(session).await;
    // If the connection is broken the lock is released already, and the first error says more.
    let released = release_lock(session, id).await;
    match worked {
        // A lock that could not be released was not held: another process may have migrated
        // meanwhile.
        Ok(value) => released.map(|()| value).map_err(Stop::from),
        Err(stop) => Err(stop),
    }
}

/// Asks at intervals. To wait inside the server would hold a snapshot, and `CREATE INDEX
/// CONCURRENTLY`, at work under the lock, waits until all older snapshots have ended.
async fn acquire_lock(
    connection: &mut PgConnection,
    id: i64,
    patience: Patience,
    observer: Observer<'_>,
) -> Result<(), Failure> {
    let start = Instant::now();
    // Short at first, because most holders only compare the table; at most a second, so that the
    // load of many waiting instances stays small.
    let mut pause = Duration::from_millis(20);
    let mut told: Option<i32> = None;
    let mut is_told = false;
    loop {
        let locked: bool = sqlx::query_scalar("SELECT pg_catalog.pg_try_advisory_lock($1)")
            .bind(id)
            .fetch_one(&mut *connection)
            .await
            .map_err(lock_failure)?;
        if locked {
            return Ok(());
        }
        let holder = holder_of(connection, id).await?;
        if let Patience::Until(limit) = patience
            && start.elapsed() >= limit
        {
            let holder = holder.map(|holder| holder.to_string());
            return Err(Failure::Locked { holder });
        }
        // The process identifies a holder: its statement and its seconds change all the time.
        let process = holder.as_ref().map(|holder| holder.pid);
        let is_new = !is_told || process.is_some() && process != told;
        // The usual case, instances of a deployment that start together, is not worth a line.
        if is_new && start.elapsed() > Duration::from_millis(500) {
            observer(&Event::Waiting(holder.as_ref()));
            (is_told, told) = (true, process);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

/// # Errors
/// If this session does not hold the lock that it took: [`Failure::LockReleased`] if it is the same session of the server,
/// else [`Failure::Pooler`].
async fn release_lock(session: &mut Session, id: i64) -> Result<(), Failure> {
    let connection = &mut session.connection;
    let query = sqlx::query_scalar("SELECT pg_catalog.pg_advisory_unlock($1)").bind(id);
    let released: bool = query
        .fetch_one(&mut *connection)
        .await
        .map_err(lock_failure)?;
    if released {
        return Ok(());
    }
    let process = pooler::server_process(connection).await?;
    Err(if session.process == Some(process) {
        Failure::LockReleased
    } else {
        Failure::Pooler
    })
}

/// Who holds the lock of this database now.
///
/// # Errors
/// If the connection breaks.
pub(super) async fn read_holder_of_database(
    session: &mut Session,
) -> Result<Option<Holder>, Failure> {
    let id = read_lock_id(&mut session.connection).await?;
    holder_of(&mut session.connection, id).await
}

async fn holder_of(connection: &mut PgConnection, id: i64) -> Result<Option<Holder>, Failure> {
    let sql = include_str!("holder.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(id)).await;
    let row = rows.map_err(lock_failure)?.into_iter().next();
    row.map(|row| read_holder(&row))
        .transpose()
        .map_err(lock_failure)
}

fn read_holder(row: &PgRow) -> Result<Holder, sqlx::Error> {
    Ok(Holder {
        pid: row.try_get("pid")?,
        application: row.try_get("application")?,
        role: row.try_get("role")?,
        statement: row.try_get("statement")?,
        seconds: row.try_get("seconds")?,
    })
}

/// The number of the lock of this database, as stock sqlx computes it.
pub(super) async fn read_lock_id(connection: &mut PgConnection) -> Result<i64, Failure> {
    let name: String = sqlx::query_scalar("SELECT pg_catalog.current_database()")
        .fetch_one(connection)
        .await
        .map_err(lock_failure)?;
    let checksum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(name.as_bytes());
    // Never overflows: 32 bits times 30 bits.
    Ok(FACTOR * i64::from(checksum))
}

fn lock_failure(error: sqlx::Error) -> Failure {
    Failure::connection("locking the database for migrations")(error)
}
