//! At start-up: compares the migrations that a module was generated from with those of the database.

use std::fmt::Write as _;

use sqlx::Row as _;
use sqlx::postgres::PgRow;
use tokio::time::timeout;

use crate::Pool;
use crate::begin::BeginMessage;
use crate::connection::Connection;
use crate::error::{Cause, During, Error};
use crate::query::Query;
use crate::request::Request;

static APPLIED: Query = Query {
    name: "migrations",
    file: "xact",
    sql: "SELECT version, description, success, checksum FROM _sqlx_migrations ORDER BY version",
    parameters: &[],
    columns: &[],
    names: "",
};

/// SQLSTATE 42P01.
const UNDEFINED_TABLE: &str = "42P01";

/// A migration that a module was generated from: its name, which begins with the version, and the first eight bytes of
/// the checksum (SHA-384 of its text) that sqlx keeps in `_sqlx_migrations`.
///
/// ```
/// static MIGRATIONS: &[xact::generated::Migration] = &[xact::generated::Migration("20250106090000_foundations", 0x59db_e2fa_04ca_95d2)];
/// # let _ = MIGRATIONS;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration(pub &'static str, pub u64);

/// A migration that the database has.
struct Applied {
    version: i64,
    description: String,
    success: bool,
    checksum: u64,
}

impl Migration {
    fn version(self) -> Option<i64> {
        self.0.split('_').next()?.parse().ok()
    }
}

impl Pool {
    /// Compares the migrations that the database has with those that a module was generated from.
    ///
    /// A generated module wraps this in `verify_schema()` of its `Database`. It reads `_sqlx_migrations` as the role that
    /// the connection logs in as, outside of any scope, in one query.
    ///
    /// A database that has all of them and more is accepted, because a rolling deployment migrates it while instances of the
    /// older release still start. A warning of `tracing` names the migrations that the module does not know.
    ///
    /// ```
    /// # async fn example(pool: &xact::Pool) -> Result<(), xact::Error> {
    /// pool.verify_schema(&[xact::generated::Migration("20250106090000_foundations", 0x59db_e2fa_04ca_95d2)]).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_schema_mismatch`]: the text names each migration that is not applied, that was applied with another
    /// text, or that failed half-way. Or the table cannot be read.
    ///
    /// # Cancellation
    /// Safe: nothing is changed.
    pub async fn verify_schema(&self, migrations: &[Migration]) -> Result<(), Error> {
        let begin = BeginMessage::read_only();
        let mut connection = self.open(&During::VerifySchema, &begin).await?;
        connection.expect_reads();
        let waited = self.inner.deadlines.acquire;
        let Ok(applied) = timeout(waited, read_applied(&mut connection)).await else {
            connection.give_up();
            return Err(Error::new(During::VerifySchema, Cause::Silent { waited }));
        };
        let applied = applied?;
        connection.rollback().await?;
        let missing = missing_migrations(migrations, &applied);
        let newer = newer_migrations(migrations, &applied);
        if !missing.is_empty() {
            let cause = Cause::Migrations(missing + &newer);
            return Err(Error::new(During::VerifySchema, cause));
        }
        if !newer.is_empty() {
            tracing::warn!("the database is ahead of the generated module:{newer}");
        }
        Ok(())
    }
}

/// The rows of the migrations table; none if there is no table.
async fn read_applied(connection: &mut Connection) -> Result<Vec<Applied>, Error> {
    let mut applied = Vec::new();
    let sink = &mut |row: &PgRow| {
        let migration = read_migration(row);
        applied.push(migration.map_err(|error| Error::sqlx(During::VerifySchema, error))?);
        Ok(())
    };
    let request = Request::query(connection, APPLIED.arguments());
    match request.each_raw(sink).await {
        // A database that was never migrated has no such table, and lacks all migrations.
        Err(error) if error.code() == Some(UNDEFINED_TABLE) => {}
        read => drop(read.map_err(|error| error.with_during(During::VerifySchema))?),
    }
    Ok(applied)
}

fn read_migration(row: &PgRow) -> Result<Applied, sqlx::Error> {
    let checksum: Vec<u8> = row.try_get("checksum")?;
    // The generated module has the first eight bytes of each checksum.
    let first = checksum.first_chunk().copied().unwrap_or_default();
    Ok(Applied {
        version: row.try_get("version")?,
        description: row.try_get("description")?,
        success: row.try_get("success")?,
        checksum: u64::from_be_bytes(first),
    })
}

/// One line for each migration of the module that the database does not have as it is, in the order of versions.
fn missing_migrations(migrations: &[Migration], applied: &[Applied]) -> String {
    if applied.is_empty() && !migrations.is_empty() {
        return "\n  no migration is applied at all".to_owned();
    }
    let mut lines = String::new();
    for migration in migrations {
        let found = applied
            .iter()
            .find(|applied| Some(applied.version) == migration.version());
        let state = match found {
            None => "is not applied",
            Some(applied) if !applied.success => "failed half-way when it was applied",
            Some(applied) if applied.checksum != migration.1 => "was applied with another text",
            Some(_) => continue,
        };
        let _infallible = write!(lines, "\n  migration {} {state}", migration.0);
    }
    lines
}

/// One line for each migration that only the database has.
fn newer_migrations(migrations: &[Migration], applied: &[Applied]) -> String {
    let mut lines = String::new();
    for Applied {
        version,
        description,
        ..
    } in applied
    {
        if !migrations
            .iter()
            .any(|migration| migration.version() == Some(*version))
        {
            let _infallible = write!(
                lines,
                "\n  migration {version} ({description}) is applied, and unknown here"
            );
        }
    }
    lines
}
