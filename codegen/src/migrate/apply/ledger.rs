//! The migrations that a database has: the rows of `_sqlx_migrations`.
//!
//! The table is stock sqlx's, and so is every row of a migration that ran to its end. One that
//! runs outside a transaction has a row from its beginning, with `success` false, which stock sqlx
//! refuses to work beside. In such a row, and only there:
//! - `execution_time` counts the steps that are done: 2 is two steps forward, -3 two steps back;
//! - `checksum` is that of the text up to the last step done, which must stay as it is.

use super::Session;
use crate::report::Failure;
use sqlx::types::time::OffsetDateTime;
use sqlx::{AssertSqlSafe, PgConnection, Row as _};
use std::collections::BTreeMap;

/// The rows, by version.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// One for each migration that was begun.
    pub records: BTreeMap<i64, MigrationRecord>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct MigrationRecord {
    /// The slug with blanks, as it was when the migration ran.
    pub description: String,
    /// When it ran.
    pub installed_on: OffsetDateTime,
    /// SHA-384 of the file, or of the part of it that is done.
    pub checksum: Vec<u8>,
    /// In nanoseconds; nothing if it was not measured.
    pub duration: Option<u64>,
    /// How far it came, if it did not come to its end.
    pub progress: Option<Progress>,
}

/// How far a migration came that runs outside a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which of its files was at work.
    pub direction: Direction,
    /// How many steps of it are done for certain.
    pub done: usize,
}

/// Which file of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The one that is applied.
    Up,
    /// The one that reverts it.
    Down,
}

impl Progress {
    /// As the column `execution_time` holds it.
    pub(super) fn encode(self) -> i64 {
        let done = i64::try_from(self.done).unwrap_or(i64::MAX - 1);
        match self.direction {
            Direction::Up => done,
            // -1 and not 0 for "no step back": 0 is "no step forward".
            Direction::Down => -1 - done,
        }
    }

    fn decode(number: i64) -> Self {
        let (direction, done) = match number {
            0.. => (Direction::Up, number),
            _ => (Direction::Down, -1 - number),
        };
        Self {
            direction,
            done: usize::try_from(done).unwrap_or(usize::MAX),
        }
    }
}

impl Ledger {
    /// Reads the table, if there is one.
    ///
    /// # Errors
    /// If the connection breaks or the user may not read the table.
    ///
    /// # Cancellation
    /// Nothing is changed.
    pub async fn read(session: &mut Session) -> Result<Self, Failure> {
        // A database that was never migrated has no table, and reading must not create one.
        let Some(table) = &session.table else {
            return Ok(Self::default());
        };
        let sql = format!(
            "SELECT version, description, installed_on, success, checksum, execution_time FROM {table}"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(&mut session.connection)
            .await
            .map_err(table_failure)?;
        let records = rows.iter().map(read_record).collect::<Result<_, _>>();
        records
            .map(|records| Self { records })
            .map_err(table_failure)
    }

    /// Whether the migration ran to its end.
    pub fn has(&self, version: i64) -> bool {
        let record = self.records.get(&version);
        record.is_some_and(|record| record.progress.is_none())
    }

    /// The migration that was interrupted; there is never more than one.
    pub fn interrupted(&self) -> Option<(i64, Progress)> {
        let progress =
            |(version, record): (&i64, &MigrationRecord)| Some((*version, record.progress?));
        self.records.iter().find_map(progress)
    }
}

fn read_record(row: &sqlx::postgres::PgRow) -> Result<(i64, MigrationRecord), sqlx::Error> {
    let time: i64 = row.try_get("execution_time")?;
    let success: bool = row.try_get("success")?;
    let record = MigrationRecord {
        description: row.try_get("description")?,
        installed_on: row.try_get("installed_on")?,
        checksum: row.try_get("checksum")?,
        // -1 is stock sqlx's "not measured yet", and a row without success counts steps there.
        duration: u64::try_from(time).ok().filter(|_| success),
        progress: (!success).then(|| Progress::decode(time)),
    };
    Ok((row.try_get("version")?, record))
}

/// The columns of a row that a migration decides.
#[derive(Clone, Debug)]
pub(super) struct MigrationEntry {
    pub(super) version: i64,
    pub(super) description: String,
    pub(super) checksum: Vec<u8>,
}

/// The migration is applied: its row, whether or not there was one.
pub(super) async fn insert_record(
    connection: &mut PgConnection,
    table: &str,
    entry: &MigrationEntry,
) -> Result<(), sqlx::Error> {
    upsert_record(connection, table, entry, None).await
}

/// The migration is on its way.
pub(super) async fn insert_progress(
    connection: &mut PgConnection,
    table: &str,
    entry: &MigrationEntry,
    progress: Progress,
) -> Result<(), sqlx::Error> {
    upsert_record(connection, table, entry, Some(progress)).await
}

async fn upsert_record(
    connection: &mut PgConnection,
    table: &str,
    entry: &MigrationEntry,
    progress: Option<Progress>,
) -> Result<(), sqlx::Error> {
    // ON CONFLICT, because a migration outside a transaction has its row from the beginning.
    let sql = format!(
        "INSERT INTO {table} (version, description, success, checksum, execution_time) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (version) DO UPDATE SET description = excluded.description, \
         installed_on = now(), success = excluded.success, checksum = excluded.checksum, \
         execution_time = excluded.execution_time"
    );
    sqlx::query(AssertSqlSafe(sql))
        // The table may be recreated by a migration, under which a prepared statement would fail.
        .persistent(false)
        .bind(entry.version)
        .bind(&entry.description)
        .bind(progress.is_none())
        .bind(&entry.checksum)
        // As stock sqlx inserts it, before the time is known.
        .bind(progress.map_or(-1, Progress::encode))
        .execute(connection)
        .await
        .map(drop)
}

/// The migration is not applied any more, or its beginning came to nothing.
pub(super) async fn delete_record(
    connection: &mut PgConnection,
    table: &str,
    version: i64,
) -> Result<(), sqlx::Error> {
    let sql = format!("DELETE FROM {table} WHERE version = $1");
    let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    query.bind(version).execute(connection).await.map(drop)
}

/// How long it took, for people.
pub(super) async fn record_duration(
    session: &mut Session,
    version: i64,
    duration: std::time::Duration,
) -> Result<(), Failure> {
    let table = session.table().await?;
    let sql = format!("UPDATE {table} SET execution_time = $1 WHERE version = $2 AND success");
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX))
        .bind(version)
        .execute(&mut session.connection)
        .await
        .map(drop)
        .map_err(table_failure)
}

/// A squashed migration was applied when the last of those was that it replaces.
pub(super) async fn keep_time(
    connection: &mut PgConnection,
    table: &str,
    version: i64,
    time: OffsetDateTime,
) -> Result<(), sqlx::Error> {
    let sql = format!("UPDATE {table} SET installed_on = $1 WHERE version = $2");
    sqlx::query(AssertSqlSafe(sql))
        .persistent(false)
        .bind(time)
        .bind(version)
        .execute(connection)
        .await
        .map(drop)
}

/// An error of the statements above.
pub(super) fn table_failure(error: sqlx::Error) -> Failure {
    Failure::migrations_table("reading or writing the table of migrations")(error)
}

#[cfg(test)]
mod tests {
    use super::{Direction, Progress};

    #[test]
    fn progress_survives_its_column() {
        for direction in [Direction::Up, Direction::Down] {
            for done in [0, 1, 7] {
                let progress = Progress { direction, done };
                assert_eq!(Progress::decode(progress.encode()), progress);
            }
        }
    }
}
