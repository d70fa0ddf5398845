//! Failures of the machine: no server, no permission, a full disk.
//!
//! A failure stops the tool at once and names the attempt and the fix; an error
//! of the *project* is a [`Diagnostic`](crate::report::diagnostic::Diagnostic) instead.

use super::connection_help::{connection_help, table_help};
use sqlx::postgres::PgConnectOptions;
use std::path::PathBuf;
use xact_server::reason;

/// The machine does not let the tool do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// No throwaway Postgres.
    #[error(transparent)]
    Server(#[from] xact_server::ServerError),

    /// The embedded Postgres does not start.
    #[error(
        "the embedded Postgres does not work on this machine: {reason}\n\
         help: install Postgres 15 to 18, which need not run, or name a server where you may create databases: \
         `--server postgres://…`"
    )]
    Embedded {
        /// Its message.
        reason: String,
    },

    /// The embedded Postgres was asked for, and is not in this program.
    #[error(
        "this `xact` was built without the embedded Postgres\n\
         help: build it with the feature `embedded`, which is on unless `--no-default-features` was given, \
         or install Postgres 15 to 18"
    )]
    NotEmbedded,

    /// The command needs several connections, and the embedded Postgres has one.
    #[error(
        "the embedded Postgres serves one connection at a time, which is not enough for a database to work with\n\
         help: leave `--server embedded` and `XACT_SERVER_URL` out, and install Postgres 15 to 18"
    )]
    OneConnection,

    /// The connection to the throwaway Postgres broke, or the server refused the tool itself.
    #[error("Postgres failed while {doing}: {}", reason(source))]
    Connection {
        /// A verb in its continuous form.
        doing: &'static str,
        /// The action that failed.
        source: sqlx::Error,
    },

    /// Postgres could not answer a question about a query, for a reason that is none of the query: nothing is known of it then.
    #[error(
        "Postgres failed at the query `{query}`: {}\n\
         help: that is an error of the server or of this moment, so run the command again",
        reason(source)
    )]
    Query {
        /// Its name.
        query: String,
        /// The error.
        source: sqlx::Error,
    },

    /// The table of migrations cannot be created, read or written.
    #[error(
        "Postgres failed while {doing}: {}{}",
        reason(source),
        table_help(source)
    )]
    MigrationsTable {
        /// A verb in its continuous form.
        doing: &'static str,
        /// The action that failed.
        source: sqlx::Error,
    },

    /// The user of the external server lacks a privilege that a migration needs.
    #[error(
        "`{path}` needs more rights than the user of the given server has: {reason}\n\
         help: grant them (`ALTER ROLE … CREATEROLE` for migrations that create roles), \
         or leave `--server` and `XACT_SERVER_URL` out for a private server"
    )]
    Rights {
        /// The migration.
        path: String,
        /// Postgres's words.
        reason: String,
    },

    /// The database that the user named cannot be used.
    #[error(
        "cannot connect to the database at `{address}`: {}\nhelp: {}",
        reason(source),
        connection_help(source)
    )]
    Database {
        /// Host and port or socket, without user or password.
        address: String,
        /// The action that failed.
        source: sqlx::Error,
    },

    /// The URL of a database is not one.
    #[error(
        "the URL of the database cannot be read: {reason}\n\
         help: write it as `postgres://user:password@host:5432/name`; in the user and the password, `@` is `%40`, \
         `/` is `%2F`, `:` is `%3A`, `#` is `%23`, `?` is `%3F` and `%` is `%25`"
    )]
    Url {
        /// Why not.
        reason: String,
    },

    /// No database is named.
    #[error(
        "no database is named\n\
         help: give `--database postgres://…`, set `DATABASE_URL` (also in `.env`), \
         or make a local one with `xact dev up`"
    )]
    NoDatabase,

    /// The database did not answer in time.
    #[error(
        "the database is not ready after {} s: {reason}\n\
         help: look at the server's log, or wait longer with `--timeout SECONDS`",
        limit.as_secs_f64()
    )]
    NotReady {
        /// How long it was asked.
        limit: std::time::Duration,
        /// Its last message.
        reason: String,
    },

    /// The local Postgres runs and does not answer.
    #[error(
        "the local Postgres is not ready after a minute: {reason}\n\
         help: `xact dev logs` prints its log; `xact dev down` and `xact dev up` start it once more"
    )]
    LocalNotReady {
        /// Its last message.
        reason: String,
    },

    /// A log is asked for that is not there.
    #[error(
        "there is no log of a local Postgres\n\
         help: `xact dev up` starts one; an external server (`--server`) keeps its log itself"
    )]
    NoLog,

    /// A command is about the local Postgres, and there is none.
    #[error("the local Postgres does not run\nhelp: `xact dev up` starts it")]
    NotRunning,

    /// The local server runs, and has no database for the branch that is checked out.
    #[error(
        "there is no database for branch `{branch}` yet\nhelp: `xact dev up` creates `{database}`, with all migrations"
    )]
    NoBranchDatabase {
        /// The branch.
        branch: String,
        /// The database that it would have.
        database: String,
    },

    /// A declared rename names nothing, or Postgres refuses it.
    #[error(
        "{reason}\n\
         help: write `--rename OLD=NEW` with the name from before the migration: `table=new`, `table.column=new`, \
         `type.label=new`, `table=schema.table`"
    )]
    Rename {
        /// Which, and why not.
        reason: String,
    },

    /// The database is behind a pooler that shares sessions, which cannot hold the lock of migrations.
    #[error(
        "the database is behind a transaction pooler, such as pgbouncer with `pool_mode = transaction`: \
         each statement may run in another session, so the lock of migrations cannot be held\n\
         note: nothing was changed\n\
         help: name the server itself with `--direct postgres://…`, or set `DATABASE_DIRECT_URL` (also in `.env`)"
    )]
    Pooler,

    /// A migration released the lock under which it ran.
    #[error(
        "a migration released the lock under which it ran, as `pg_advisory_unlock_all()` and `DISCARD ALL` do: \
         another process may have migrated at the same time\n\
         note: the migrations that were reported are done\n\
         help: check the database with `xact migrate status --drift`, and leave that statement out of migrations"
    )]
    LockReleased,

    /// A migration listens, and was notified before the transaction of its LISTEN ended.
    #[error(
        "a notification arrived while `{path}` ran, because a procedure or block in it listens and commits\n\
         help: leave LISTEN out of migrations, because it ends with their session; `xact migrate status` shows what is done"
    )]
    Notified {
        /// The migration.
        path: String,
    },

    /// Another process migrates the database, and waiting for it took too long.
    #[error(
        "the database is being migrated by {}\n\
         help: wait for it, or look at what it does with `xact migrate status`",
        holder.as_deref().unwrap_or("another session")
    )]
    Locked {
        /// Who.
        holder: Option<String>,
    },

    /// A person typed a version that there is not.
    #[error(
        "there is no migration of version {version}\n\
         help: there {}",
        known_versions(known)
    )]
    NoVersion {
        /// The version.
        version: i64,
        /// The names of those there are.
        known: Vec<String>,
    },

    /// A migration outside a transaction was interrupted.
    #[error(
        "version {version} was interrupted on its way, and has to come to its end first\n\
         help: `xact migrate run` continues it; or undo its finished part by hand, and then \
         `xact migrate unmark {version}`"
    )]
    Interrupted {
        /// The version.
        version: i64,
    },

    /// A command needs to know which branches there are.
    #[error("`{root}` is in no git repository, so it is unknown which branches were deleted")]
    NoRepository {
        /// The folder.
        root: PathBuf,
    },

    /// The folder that a project would depend on has another package.
    #[error(
        "`{}` {found}, so it is not the runtime\n\
         help: name the folder of the crate `xact` in a checkout: `xact init --runtime CHECKOUT/xact`",
        folder.display()
    )]
    NotRuntime {
        /// The folder.
        folder: PathBuf,
        /// The package in it.
        found: String,
    },

    /// Files that a command removes are not in git yet.
    #[error(
        "the files in `{folder}` are not all committed, and the command removes some of them\n\
         help: commit them first: a database that has only some of them still needs the files"
    )]
    NotCommitted {
        /// Relative to the project.
        folder: String,
    },

    /// A first migration is asked for, and there are migrations.
    #[error(
        "there are migrations already, in `migrations/` or recorded in the database\n\
         help: `xact migrate baseline` records those in `migrations/` if the database is what they build"
    )]
    NotFirst,

    /// A file or folder cannot be read or written.
    #[error("cannot {action} `{path}`: {source}")]
    Io {
        /// A verb.
        action: &'static str,
        /// The path.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },

    /// A file that the tool did not write has the path of a generated one.
    #[error(
        "`{path}` was not generated by this tool, so it is not overwritten\n\
         help: move it elsewhere, or delete it if it is no longer needed"
    )]
    NotGenerated {
        /// Relative to the project.
        path: String,
    },

    /// schema.sql was edited, and no migration says so yet.
    #[error(
        "`schema.sql` was edited, and the migrations do not build it: it is not overwritten\n\
         help: run `xact migrate diff NAME` to write the migration that the edit asks for\n\
         help: or delete `schema.sql` and run `xact codegen` to lose the edit"
    )]
    EditedSchema,

    /// The folder is not a project.
    #[error(
        "`{root}` is not a project: it has no folder `{migrations}`\n\
         help: run the command in the folder that holds `migrations/` and `queries/`, or name it with `--project DIR`; if they \
         are elsewhere in it, `[paths]` of xact.toml names them"
    )]
    NoProject {
        /// The folder.
        root: PathBuf,
        /// The folder of its migrations, as `xact.toml` has it.
        migrations: String,
    },

    /// A bug of the tool: the message says where.
    #[error(
        "internal error: {0}\nhelp: this is a bug of xact, please report it with the query that caused it"
    )]
    Internal(String),
}

/// The last few: those are the ones people mean.
fn known_versions(known: &[String]) -> String {
    match known {
        [] => "are none".to_owned(),
        [only] => format!("is one: {only}"),
        known => {
            let last = &known[known.len().saturating_sub(5)..];
            format!("are {} of them, the last: {}", known.len(), last.join(", "))
        }
    }
}

impl Failure {
    /// Wraps an error of connecting to the database that the user named, for `map_err`.
    pub fn database_at(options: &PgConnectOptions) -> impl FnOnce(sqlx::Error) -> Self {
        let address = xact_server::show_address(options);
        move |source| Self::Database { address, source }
    }

    /// Wraps an error of the table of migrations, for `map_err`.
    pub fn migrations_table(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::MigrationsTable { doing, source }
    }

    /// Adds the action to an I/O error, for `map_err`.
    pub fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// Wraps an error that is none of the query about which Postgres was asked, for `map_err`.
    pub fn query(name: &str) -> impl FnOnce(sqlx::Error) -> Self + use<> {
        let query = name.to_owned();
        move |source| Self::Query { query, source }
    }

    /// Wraps an error of the tool's own statements, for `map_err`.
    pub fn connection(doing: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Connection { doing, source }
    }
}
