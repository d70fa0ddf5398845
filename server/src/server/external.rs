//! A throwaway database on an external server, given by URL.
//!
//! It is dropped with the roles its migrations created. A session-level advisory lock
//! on the maintenance connection says "in use"; the kernel and the server release it
//! when this process ends, so the next run can tell leftovers from live databases.

use super::ServerError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use std::collections::BTreeSet;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

const PREFIX: &str = "xact_throwaway_";

/// The beginning of a comment on a throwaway database that lists its roles, one a line.
/// Readers of the schema leave such a comment out.
const NOTE: &str = "xact_throwaway roles: ";

const COMMENTED: &str = "SELECT shobj_description(oid, 'pg_database') IS NOT NULL \
    FROM pg_database WHERE datname = $1";

/// Takes the lock of one throwaway database, by its name.
const LOCK: &str = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";

/// Throwaway databases whose lock is free, with their notes.
///
/// A lock belongs to the database it was taken in, and another run may have been given another one: only the list of all
/// locks shows it (<https://www.postgresql.org/docs/current/view-pg-locks.html>).
const LEFTOVERS: &str = "\
    SELECT datname::text, substr(shobj_description(oid, 'pg_database'), length($2) + 1) \
    FROM pg_database d \
    WHERE starts_with(datname, $1) AND NOT EXISTS ( \
        SELECT FROM pg_locks l \
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 \
        AND l.classid::int8 << 32 | l.objid::int8 = hashtextextended(d.datname::text, 0))";

/// A wrong address that swallows packets must not hang the tool.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);

/// One database made for this process. Dropping it drops the database and its roles.
#[derive(Debug)]
pub(super) struct ExternalDatabase {
    options: PgConnectOptions,
    name: String,
    /// The roles that the server had before; those created since may have to be dropped.
    roles_before: BTreeSet<String>,
    /// Roles that are known to come from this database's migrations.
    roles: Vec<String>,
    /// Holds the lock; `None` once the database is removed.
    maintenance: Option<PgConnection>,
}

impl ExternalDatabase {
    pub(super) async fn create(url: &str) -> Result<Self, ServerError> {
        let options = read_url(url)?;
        let mut maintenance = connect_external(&options).await?;
        sweep_leftovers(&options, &mut maintenance).await;
        let name = fresh_name();
        // The lock is taken before the database exists, so a sweep of another process never finds
        // it unlocked.
        lock_name(&mut maintenance, &name)
            .await
            .map_err(wrap_denial(&options, format!("lock database `{name}`")))?;
        let roles_before = crate::migrations::roles(&mut maintenance)
            .await
            .map_err(wrap_denial(&options, "read the roles".to_owned()))?;
        // The value exists before the database does, so that its drop removes the database on every path.
        let mut database = Self {
            options,
            name,
            roles_before,
            roles: Vec::new(),
            maintenance: Some(maintenance),
        };
        database.execute_create().await?;
        Ok(database)
    }

    async fn execute_create(&mut self) -> Result<(), ServerError> {
        let sql = format!(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'",
            quote_identifier(&self.name)
        );
        let denied = wrap_denial(&self.options, format!("create database `{}`", self.name));
        match &mut self.maintenance {
            Some(connection) => connection.execute(AssertSqlSafe(sql)).await.map_err(denied),
            None => return Ok(()),
        }?;
        Ok(())
    }

    /// Without JIT, which takes longer to compile a query of the catalog than the query takes.
    pub(super) fn options(&self) -> PgConnectOptions {
        let options = self.options.clone().database(&self.name);
        // Catalog queries are short, and compiling them takes longer than running them.
        options.options([("jit", "off")])
    }

    /// Notes the roles here and in the database's comment, where the next run finds them, unless
    /// the migrations wrote a comment of their own: then a run that is killed leaves the roles.
    pub(super) async fn adopt_roles(&mut self, roles: &[String]) -> Result<(), sqlx::Error> {
        self.roles = roles.to_vec();
        let Some(connection) = &mut self.maintenance else {
            return Ok(());
        };
        let commented: bool = sqlx::query_scalar(COMMENTED)
            .bind(&self.name)
            .fetch_one(&mut *connection)
            .await?;
        // A comment of the migrations is a part of their schema, and must not be replaced.
        if commented || roles.is_empty() {
            return Ok(());
        }
        let note = format!("{NOTE}{}", roles.join("\n"));
        let sql = format!(
            "COMMENT ON DATABASE {} IS {}",
            quote_identifier(&self.name),
            quote_literal(&note)
        );
        connection.execute(AssertSqlSafe(sql)).await.map(drop)
    }

    pub(super) async fn remove(mut self) -> Result<(), ServerError> {
        let Some(mut connection) = self.maintenance.take() else {
            return Ok(());
        };
        remove_with_new_roles(&mut connection, &self.name, &self.roles, &self.roles_before)
            .await
            .map_err(wrap_denial(
                &self.options,
                format!("drop database `{}`", self.name),
            ))
    }
}

impl Drop for ExternalDatabase {
    fn drop(&mut self) {
        if self.maintenance.take().is_none() {
            return;
        }
        // Dropped without `remove`: cancelled, failed or panicking. The old connection may be
        // in the middle of a message and the runtime may have ended, so both are new ones here.
        let (options, name, roles) = (self.options.clone(), self.name.clone(), self.roles.clone());
        let roles_before = self.roles_before.clone();
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = options.connect().await?;
                remove_with_new_roles(&mut connection, &name, &roles, &roles_before).await
            })
        });
        match removal.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, database = self.name, "a throwaway database is left behind");
            }
            Err(_) => tracing::warn!(database = self.name, "removing a database panicked"),
        }
    }
}

/// Connects to the server at `url` under the name of an application, and gives the options too.
pub(crate) async fn connect_to(
    url: &str,
    application: &str,
) -> Result<(PgConnectOptions, PgConnection), ServerError> {
    let options = read_url(url)?;
    // Advisory locks belong to one database, so processes whose URLs name different ones should all use `postgres`.
    let meeting = options.clone().database("postgres");
    let named = |options: &PgConnectOptions| options.clone().application_name(application);
    match connect_external(&named(&meeting)).await {
        Ok(connection) => Ok((meeting, connection)),
        Err(_) => Ok((options.clone(), connect_external(&named(&options)).await?)),
    }
}

async fn connect_external(options: &PgConnectOptions) -> Result<PgConnection, ServerError> {
    let connecting = tokio::time::timeout(CONNECT_DEADLINE, options.connect()).await;
    connecting
        .unwrap_or_else(|_| {
            let seconds = CONNECT_DEADLINE.as_secs();
            let message = format!("no answer within {seconds} seconds");
            Err(sqlx::Error::Io(std::io::Error::other(message)))
        })
        .map_err(|source| ServerError::Connect {
            server: show_address(options),
            source,
        })
}

async fn lock_name(connection: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(LOCK)
        .bind(name)
        .fetch_one(connection)
        .await
}

/// Drops throwaway databases whose process has ended. Errors are ignored, because another run may be sweeping the same one.
async fn sweep_leftovers(options: &PgConnectOptions, connection: &mut PgConnection) {
    let leftovers: Vec<(String, Option<String>)> = sqlx::query_as(LEFTOVERS)
        .bind(PREFIX)
        .bind(NOTE)
        .fetch_all(&mut *connection)
        .await
        .unwrap_or_default();
    for (name, roles) in leftovers {
        // A connection of its own: the lock that it takes has to end with the sweep, and not with
        // this run.
        let Ok(mut own) = options.connect().await else {
            return;
        };
        // Locked first: two processes that sweep at once would drop the roles of each other's
        // databases.
        if lock_name(&mut own, &name).await.unwrap_or(false) {
            let roles: Vec<String> = roles
                .iter()
                .flat_map(|r| r.lines())
                .map(String::from)
                .collect();
            let _ = drop_with_roles(&mut own, &name, &roles).await;
        }
        let _ = own.close().await;
    }
}

/// Also drops roles that were created since and that this database uses: those of migrations
/// that were cancelled before the roles were noted.
async fn remove_with_new_roles(
    connection: &mut PgConnection,
    name: &str,
    adopted: &[String],
    before: &BTreeSet<String>,
) -> Result<(), sqlx::Error> {
    let used: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT r.rolname::text FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid \
         WHERE s.refclassid = 'pg_authid'::regclass \
         AND s.dbid = (SELECT oid FROM pg_database WHERE datname = $1)",
    )
    .bind(name)
    .fetch_all(&mut *connection)
    .await?;
    let mut roles: BTreeSet<String> = adopted.iter().cloned().collect();
    // A role that was there before belongs to the server, even if the migrations use it.
    roles.extend(used.into_iter().filter(|role| !before.contains(role)));
    drop_with_roles(connection, name, &Vec::from_iter(roles)).await
}

/// Roles are dropped after the database, because its objects depend on them. A role that
/// another database depends on by now stays.
async fn drop_with_roles(
    connection: &mut PgConnection,
    name: &str,
    roles: &[String],
) -> Result<(), sqlx::Error> {
    let sql = format!(
        "DROP DATABASE IF EXISTS {} WITH (FORCE)",
        quote_identifier(name)
    );
    // Database first: a role with objects or grants in it cannot be dropped.
    connection.execute(AssertSqlSafe(sql)).await?;
    for role in roles {
        let sql = format!("DROP ROLE IF EXISTS {}", quote_identifier(role));
        if let Err(error) = connection.execute(AssertSqlSafe(sql)).await {
            tracing::warn!(%error, role, "a role created by the migrations is left behind");
        }
    }
    Ok(())
}

/// Unique among the processes that may share the server, and readable.
fn fresh_name() -> String {
    let nanoseconds = SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_nanos());
    format!("{PREFIX}{}_{nanoseconds:x}", std::process::id())
}

/// An `E''` string, which `standard_conforming_strings` does not change.
fn quote_literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn quote_identifier(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

fn wrap_denial(
    options: &PgConnectOptions,
    action: String,
) -> impl FnOnce(sqlx::Error) -> ServerError {
    let server = show_address(options);
    move |source| ServerError::Denied {
        action,
        server,
        source,
    }
}

/// In place of a URL, this names the tool's embedded Postgres, which this crate cannot use.
const EMBEDDED: &str = "embedded";

fn read_url(url: &str) -> Result<PgConnectOptions, ServerError> {
    if url == EMBEDDED {
        return Err(ServerError::OneConnection);
    }
    PgConnectOptions::from_str(url).map_err(|source| ServerError::Url { source })
}

/// The address of the server of a URL, or `?` if the URL cannot be read.
pub(super) fn address_of(url: &str) -> String {
    PgConnectOptions::from_str(url)
        .map_or_else(|_| "?".to_owned(), |options| show_address(&options))
}

/// The address of the server, without user or password: `localhost:5432`, or the folder of its socket.
///
/// ```
/// let options = "postgres://ada:secret@localhost:5433/shop".parse().unwrap();
/// assert_eq!(xact_server::show_address(&options), "localhost:5433");
/// ```
#[must_use]
pub fn show_address(options: &PgConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    }
}
