//! The URL of a database, as options of sqlx.

use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr as _;

/// The schemes of Postgres. sqlx ignores the scheme, so `mysql://…` and `localhost:5432/…` would be read as other hosts.
const SCHEMES: &[&str] = &["postgres://", "postgresql://"];

/// Reads the URL of a database.
///
/// # Errors
/// [`Failure::Url`] if it is no URL of Postgres.
///
/// ```
/// # use xact_codegen::migrate::apply::read_url;
/// assert!(read_url("postgres://user:p%40ss@localhost:5432/shop").is_ok());
/// let error = read_url("postgres://user:p/ss@localhost:5432/shop").unwrap_err();
/// assert!(error.to_string().contains("`/` is `%2F`"));
/// assert!(read_url("mysql://localhost/shop").is_err());
/// ```
pub fn read_url(url: &str) -> Result<PgConnectOptions, Failure> {
    let refused = |reason: &str| Failure::Url {
        reason: reason.to_owned(),
    };
    if !SCHEMES.iter().any(|scheme| url.starts_with(scheme)) {
        return Err(refused("it does not begin with `postgres://`"));
    }
    // The text of the error has no part of the URL, which may hold a password.
    PgConnectOptions::from_str(url).map_err(|error| refused(&error.to_string()))
}
