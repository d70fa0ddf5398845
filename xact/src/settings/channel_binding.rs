//! The parameter `channel_binding` of a URL, which becomes an `sslmode` that protects as well.
//!
//! Channel binding makes the password's proof worthless to an attacker between client and server who has a
//! certificate of their own. sqlx 0.9 has no SCRAM-SHA-256-PLUS. A certificate that is verified and names the host keeps that
//! attacker out too, so `require` becomes `sslmode=verify-full`.
//! <https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-CHANNEL-BINDING>

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// Applies the value of the parameter.
pub(super) fn apply_value(
    options: PgConnectOptions,
    value: &str,
) -> Result<PgConnectOptions, String> {
    match value {
        // `prefer` accepts a server that does not offer it.
        "disable" | "prefer" => Ok(options),
        "require" => verify_server(options),
        _ => Err("`channel_binding` of the URL is not `require`, `prefer` or `disable`".to_owned()),
    }
}

fn verify_server(options: PgConnectOptions) -> Result<PgConnectOptions, String> {
    match options.get_ssl_mode() {
        PgSslMode::Disable | PgSslMode::Allow => Err(
            "`channel_binding=require` of the URL needs TLS: write `sslmode=verify-full`, or leave `channel_binding` out"
                .to_owned(),
        ),
        _ => Ok(options.ssl_mode(PgSslMode::VerifyFull)),
    }
}
