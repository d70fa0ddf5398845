//! The next step after a connection that failed: given the error, by the code of the server's refusal and never by its words,
//! which may be in another language.

/// What to do about a connection that failed.
pub(super) fn connection_help(error: &sqlx::Error) -> &'static str {
    match error {
        sqlx::Error::Tls(_) => {
            "check `sslmode` and `sslrootcert` in the URL; a server without TLS, on a network that you trust, takes \
             `sslmode=disable`"
        }
        sqlx::Error::Database(refusal) => match refusal.code().as_deref() {
            // invalid_password, invalid_authorization_specification
            Some("28P01" | "28000") => {
                "check the user and the password in `--database` or `DATABASE_URL`: the server runs, and does not let \
                 them in"
            }
            // invalid_catalog_name
            Some("3D000") => {
                "create it with `CREATE DATABASE`, or name another in `--database` or `DATABASE_URL`"
            }
            // protocol_violation, by which pgbouncer refuses users, and parameters of the startup message
            Some("08P01") => {
                "a pooler such as pgbouncer refuses the connection: check the user, and leave `options` out of the URL, \
                 or name the server itself with `--direct postgres://…` or `DATABASE_DIRECT_URL` (also in `.env`)"
            }
            // too_many_connections
            Some("53300") => {
                "try once more when other clients have left, or raise `max_connections`"
            }
            // cannot_connect_now
            Some("57P03") => "`xact wait` returns when the server is ready",
            _ => "check `--database` or `DATABASE_URL`",
        },
        _ => "check `--database` or `DATABASE_URL`, and that the server is running",
    }
}

/// What to do about a table of migrations that cannot be used, as a line of its own.
pub(super) fn table_help(error: &sqlx::Error) -> &'static str {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    match code.as_deref() {
        // insufficient_privilege
        Some("42501") => {
            "\nhelp: migrations run as the owner of the tables: name that login in `--database` or `DATABASE_URL`"
        }
        // read_only_sql_transaction
        Some("25006") => {
            "\nhelp: this server takes no writes: name the primary in `--database` or `DATABASE_URL`, or set \
             `default_transaction_read_only` to off"
        }
        _ => "",
    }
}
