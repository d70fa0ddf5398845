//! Settings in the startup message of each connection, by which the server notices that a client has disappeared.
//!
//! sqlx 0.9 opens its sockets itself and offers neither TCP keepalive nor `TCP_USER_TIMEOUT`, so the client's side of a
//! connection has the deadlines of [`crate::deadlines`] alone. The server's side has these settings. As part of the startup
//! message they are the defaults of the session, which RESET and DISCARD restore.

use sqlx::postgres::PgConnectOptions;

/// <https://www.postgresql.org/docs/current/runtime-config-connection.html>
const DEFAULTS: &[(&str, &str)] = &[
    // A query whose client has closed its socket ends within a second.
    ("client_connection_check_interval", "1000"),
    // A session whose client's machine is unreachable ends within a minute; the system's default is two hours.
    ("tcp_keepalives_idle", "30"),
    ("tcp_keepalives_interval", "10"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "60000"),
];

/// The name of the setting that holds the token of the pool.
const TOKEN: &str = "xact.pool";

/// The options of a pool with these settings, and without.
pub(super) struct Startup {
    /// Unlike that of any other pool.
    pub(super) token: String,
}

impl Startup {
    pub(super) fn new() -> Self {
        // No secret: it only tells this pool's startup message from a pooler's.
        let token = format!("{:032x}", fastrand::u128(..));
        Self { token }
    }

    /// Adds the settings that the user did not choose.
    pub(super) fn add_to(&self, options: PgConnectOptions) -> PgConnectOptions {
        let given = options.get_options().unwrap_or_default().to_owned();
        let missing = DEFAULTS.iter().filter(|(name, _)| !given.contains(name));
        let token = [(TOKEN, self.token.as_str())];
        options.options(missing.copied().chain(token))
    }

    /// Whether these options have the settings.
    pub(super) fn is_in(&self, options: &PgConnectOptions) -> bool {
        options
            .get_options()
            .is_some_and(|options| options.contains(&self.token))
    }
}

/// Whether the server, or a pooler in its place, refuses settings in the startup message.
///
/// pgbouncer answers with `protocol_violation` (08P01), which Postgres itself never answers a startup message of ours with. The other
/// codes are of a server that lacks one of the settings, or cannot apply it on its system.
pub(super) fn refuses_settings(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else {
        return false;
    };
    let code = error.code();
    matches!(
        code.as_deref(),
        Some("08P01" | "0A000" | "22023" | "42704" | "55P02")
    )
}
