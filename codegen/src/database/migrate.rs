//! Applies the migrations; what Postgres refuses becomes a diagnostic in the file at fault.

use super::stop;
use crate::diagnostic::{Diagnostic, from_postgres};
use crate::project::{MIGRATIONS, Project};
use crate::query::{lexer, statements};
use crate::source::{SourceFile, Span};
use crate::{Failure, Stop};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use xact::testing::{MigrateError, Server};

/// SQLSTATE 42501.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Applies the migrations; gives the roles they created.
pub(super) async fn apply(
    server: &mut Server,
    connection: &mut PgConnection,
    project: &Project,
) -> Result<Vec<String>, Stop> {
    let folder = project.root.join(MIGRATIONS);
    match server.migrate(connection, &folder).await {
        Ok(migrated) => Ok(migrated.created_roles),
        Err(error) => match lacks_rights(&error, project) {
            Some(failure) if !server.is_private() => Err(failure.into()),
            _ => Err(refusal(error, project, Some(connection)).await),
        },
    }
}

/// Applies the migrations of the project at `root` to the database at `url`, as `sqlx migrate run`
/// would; gives the files that were applied.
///
/// # Errors
/// A failure if the database cannot be reached; a diagnostic if a migration is refused.
///
/// # Cancellation
/// The migration at work is rolled back; those before it stay.
pub async fn migrate_database(root: &Path, url: &str) -> Result<Vec<String>, Stop> {
    let (project, diagnostics) = Project::read(root)?;
    if !diagnostics.is_empty() {
        return Err(Stop::Diagnostics(diagnostics));
    }
    let failed = |source| Failure::Database { source };
    let options = PgConnectOptions::from_str(url).map_err(failed)?;
    let mut connection = options.connect().await.map_err(failed)?;
    let before = applied(&mut connection).await?;
    let migrated = async {
        let migrator = Migrator::new(project.root.join(MIGRATIONS)).await?;
        migrator.run(&mut connection).await
    };
    if let Err(error) = migrated.await {
        return Err(refusal(error, &project, None).await);
    }
    let after = applied(&mut connection).await?;
    let files = project.up_migrations().filter(|file| {
        version_of(file)
            .is_some_and(|version| after.contains(&version) && !before.contains(&version))
    });
    Ok(files.map(|file| file.path.clone()).collect())
}

/// The versions that the database has.
async fn applied(connection: &mut PgConnection) -> Result<BTreeSet<i64>, Failure> {
    let doing = "reading the applied migrations";
    let exists: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await
        .map_err(Failure::connection(doing))?;
    if !exists {
        return Ok(BTreeSet::new());
    }
    let versions: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
            .fetch_all(connection)
            .await
            .map_err(Failure::connection(doing))?;
    Ok(versions.into_iter().collect())
}

/// The user of a given server may be allowed less than the migrations do: that is the machine's
/// fault. On a private server, whose user may do everything, it would be the project's.
fn lacks_rights(error: &MigrateError, project: &Project) -> Option<Failure> {
    let MigrateError::ExecuteMigration(error, version) = error else {
        return None;
    };
    let refused = database_error(error).filter(|error| error.code() == INSUFFICIENT_PRIVILEGE)?;
    let file = project
        .up_migrations()
        .find(|file| version_of(file) == Some(*version))?;
    Some(Failure::Rights {
        path: file.path.clone(),
        reason: refused.message().to_owned(),
    })
}

/// `throwaway` is a connection on which statements may be tried again to find the one at fault:
/// never one to a database that somebody needs.
async fn refusal(
    error: MigrateError,
    project: &Project,
    throwaway: Option<&mut PgConnection>,
) -> Stop {
    match error {
        MigrateError::ExecuteMigration(error, version) => {
            let file = project
                .up_migrations()
                .find(|file| version_of(file) == Some(version));
            match (file, database_error(&error)) {
                (Some(file), Some(error)) => {
                    let whole = match throwaway {
                        Some(connection) => failing_statement(connection, file, error).await,
                        None => whole(file),
                    };
                    stop(in_migration(error, file, whole))
                }
                _ => Failure::connection("applying the migrations")(error).into(),
            }
        }
        MigrateError::Execute(error) => {
            Failure::connection("applying the migrations")(error).into()
        }
        other => stop(Diagnostic::in_file(
            "migration",
            MIGRATIONS,
            None,
            other.to_string(),
        )),
    }
}

fn database_error(error: &sqlx::Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// The statement that was refused. Where Postgres gives no position, the statements are run one
/// by one in a transaction that is rolled back, until one is refused in the same words.
async fn failing_statement(
    connection: &mut PgConnection,
    file: &Arc<SourceFile>,
    error: &PgDatabaseError,
) -> Span {
    let whole = whole(file);
    let in_transaction = !file.text.starts_with("-- no-transaction");
    if error.position().is_some() || !in_transaction {
        return whole;
    }
    let found = async {
        let mut transaction = connection.begin().await.ok()?;
        for range in statements(&file.text) {
            let sql = AssertSqlSafe(file.text[range.clone()].to_owned());
            if (&mut *transaction).execute(sql).await.is_err() {
                return Some(range);
            }
        }
        None
    };
    match found.await {
        Some(range) => Span { range, ..whole },
        None => whole,
    }
}

fn whole(file: &Arc<SourceFile>) -> Span {
    Span {
        file: file.clone(),
        range: 0..file.text.len(),
    }
}

fn in_migration(error: &PgDatabaseError, file: &Arc<SourceFile>, whole: Span) -> Diagnostic {
    // Inside a function or DO block Postgres's position is one in another text.
    let diagnostic = from_postgres(error, whole, |position| token_at(file, position));
    diagnostic.note("this migration was rolled back; the others are only applied after it")
}

/// The token that begins at the `position`-th character, counted from 1.
fn token_at(file: &Arc<SourceFile>, position: usize) -> Option<Span> {
    let (start, _) = file.text.char_indices().nth(position.checked_sub(1)?)?;
    let length = lexer::tokens(&file.text[start..]).first()?.range.len();
    Some(Span {
        file: file.clone(),
        range: start..start + length,
    })
}

/// `migrations/20250106090000_foundations.up.sql` has version 20250106090000.
fn version_of(file: &SourceFile) -> Option<i64> {
    let name = file.path.rsplit('/').next()?;
    name.split('_').next()?.parse().ok()
}
