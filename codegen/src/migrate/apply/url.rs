//! The URL of a database, as options of sqlx: read as the runtime reads it, so that a URL of the application serves the tool.

use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use xact::generated::read_connection;

/// Reads the URL of a database.
///
/// # Errors
/// [`Failure::Url`] if it is no URL of Postgres, or has an unknown parameter: a misspelt `sslmode` must not be passed over.
///
/// ```
/// # use xact_codegen::migrate::apply::read_url;
/// assert!(read_url("postgres://user:p%40ss@localhost:5432/shop").is_ok());
/// let error = read_url("postgres://user:p/ss@localhost:5432/shop").unwrap_err();
/// assert!(error.to_string().contains("`/` is `%2F`"));
/// assert!(read_url("mysql://localhost/shop").is_err());
/// assert!(read_url("postgres://localhost/shop?sslmod=verify-full").is_err());
/// ```
pub fn read_url(url: &str) -> Result<PgConnectOptions, Failure> {
    // sqlx wraps the reason, once for each layer that it passed.
    read_connection(url).map_err(|reason| Failure::Url {
        reason: reason.replace("error with configuration: ", ""),
    })
}

/// Reads the URL of a database to migrate. It has to name one: without a name Postgres takes that of the user, so that an
/// empty variable in a URL would migrate the database `postgres`.
///
/// # Errors
/// As [`read_url`], or if it names no database.
pub(super) fn read_database_url(url: &str) -> Result<PgConnectOptions, Failure> {
    let options = read_url(url)?;
    match options.get_database() {
        Some(_) => Ok(options),
        None => Err(Failure::Url {
            reason: "it names no database".to_owned(),
        }),
    }
}
