//! The errors of servers that cannot be started: each message has the attempt and the fix.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// The error of a server that cannot be started. Its text has the attempt and the fix.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// No usable Postgres binaries on this machine.
    #[error(
        "no Postgres server found on this machine\n\
         tried:\n{tried}\n\
         help: install Postgres 15 to 18; it need not run\n        \
           Debian, Ubuntu: apt-get install postgresql\n        \
           Fedora:         dnf install postgresql-server\n        \
           Arch:           pacman -S postgresql\n        \
           Alpine:         apk add postgresql\n        \
           macOS:          brew install postgresql@18\n      \
         or name a server where you may create databases: `--server postgres://…` or `XACT_SERVER_URL`"
    )]
    NotFound {
        /// One indented line for each place.
        tried: String,
    },

    /// Postgres refuses to run as root and there is no other account to run it as.
    #[error(
        "Postgres refuses to run as root, and there is no user `postgres` or `nobody` to run it as\n\
         help: run this command as another user, or name a server with `--server postgres://…`"
    )]
    NoAccount,

    /// There is no folder for data that stays.
    #[error(
        "there is no folder for the local Postgres\n\
         help: set `HOME`, or name a folder with `XACT_LOCAL_DIR`"
    )]
    NoHome,

    /// The binaries that created the local data were removed.
    #[error(
        "the local Postgres was made by the binaries in `{bin}`, which cannot be used any more: {reason}\n\
         help: install them again, or give up its data with `xact dev down --purge`"
    )]
    LocalBinaries {
        /// Where they were.
        bin: PathBuf,
        /// The reason.
        reason: String,
    },

    /// A file or process operation failed.
    #[error("cannot {action} `{path}`: {source}")]
    Io {
        /// The action that failed, as a verb.
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },

    /// `initdb` failed.
    #[error("`{program}` failed:\n{output}")]
    Initdb {
        /// The `initdb` that was run.
        program: PathBuf,
        /// Its output.
        output: String,
    },

    /// The server exited or did not accept connections.
    #[error("the Postgres `{program}` did not start: {reason}\n{log}")]
    Start {
        /// The `postgres` that was run.
        program: PathBuf,
        /// The last error, or the exit status.
        reason: String,
        /// The end of its log.
        log: String,
    },

    /// The URL is not a URL of Postgres.
    #[error(
        "the server URL cannot be read: {source}\n\
         help: write it as `postgres://user:password@host:5432/postgres`"
    )]
    Url {
        /// The error of sqlx.
        source: sqlx::Error,
    },

    /// The tool's embedded Postgres was named where several connections are needed.
    #[error(
        "the embedded Postgres serves one connection at a time, and this needs several\n\
         help: leave `XACT_SERVER_URL=embedded` out, and install Postgres 15 to 18, which need not run"
    )]
    OneConnection,

    /// The server at the URL cannot be reached or refuses the login.
    #[error(
        "cannot connect to the server at `{server}`: {}\n\
         help: check `--server` or `XACT_SERVER_URL`, and that the server is running; \
         without either, a private Postgres is started",
        reason(source)
    )]
    Connect {
        /// Host and port or socket, without user or password.
        server: String,
        /// The error of the connection.
        source: sqlx::Error,
    },

    /// The server at the URL refuses to make or drop a throwaway database or role.
    #[error(
        "cannot {action} on the server at `{server}`: {}\n\
         help: the user in the URL needs the right to create databases and roles: \
         `ALTER ROLE … CREATEDB CREATEROLE`",
        reason(source)
    )]
    Denied {
        /// The action that failed.
        action: String,
        /// Host and port or socket, without user or password.
        server: String,
        /// The error of the server.
        source: sqlx::Error,
    },
}

/// The text of an error: Postgres's own message without the words that sqlx adds, or else sqlx's text.
///
/// ```
/// use sqlx::Error;
///
/// assert_eq!(xact_server::reason(&Error::PoolClosed), Error::PoolClosed.to_string());
/// ```
pub fn reason(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    }
}

/// The text, because `main` and tests print an error by `Debug`: the fix in it would be cut into escapes.
impl fmt::Debug for ServerError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl ServerError {
    /// Adds the action to an I/O error, for `map_err`.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ServerError;

    #[test]
    fn a_test_that_prints_it_by_debug_shows_the_fix() {
        let error = ServerError::NoHome;
        assert_eq!(format!("{error:?}"), error.to_string());
        assert!(error.to_string().contains("\nhelp: "));
    }
}
