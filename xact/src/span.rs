//! The span of a query, in the words of OpenTelemetry's conventions for database clients.
//!
//! <https://opentelemetry.io/docs/specs/semconv/db/postgresql/>. `tracing-opentelemetry` takes the name, the kind and the status of
//! the span from `otel.*`. A span holds no value of a parameter or row.

use sqlx::postgres::PgConnectOptions;
use tracing::Span;
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;

use crate::Error;
use crate::origin::Origin;

/// The server, as spans name it.
#[derive(Default)]
pub(crate) struct ServerName {
    address: String,
    port: u16,
    database: String,
}

impl ServerName {
    /// As a session names it, whose options are not known.
    pub(crate) fn from_session(address: String, port: i32, database: String) -> Self {
        Self {
            address,
            port: u16::try_from(port).unwrap_or_default(),
            database,
        }
    }

    pub(crate) fn from_options(options: &PgConnectOptions) -> Self {
        let socket = options.get_socket();
        Self {
            address: socket.map_or_else(
                || options.get_host().to_owned(),
                |socket| socket.display().to_string(),
            ),
            port: options.get_port(),
            // The default of libpq: the database has the name of the role.
            database: options
                .get_database()
                .unwrap_or(options.get_username())
                .to_owned(),
        }
    }
}

/// The span of one run of a query.
pub(crate) fn start_query_span(origin: Origin, sql: &str, server: &ServerName) -> Span {
    // `tracing` gives a span without a subscriber to `log`, and asks whether it is wanted there at each of its steps.
    if LevelFilter::current() < LevelFilter::DEBUG && log::max_level() < log::LevelFilter::Debug {
        return Span::none();
    }
    tracing::debug_span!(
        "query",
        otel.name = origin.name,
        otel.kind = "client",
        otel.status_code = Empty,
        db.system.name = "postgresql",
        db.namespace = server.database,
        db.query.summary = origin.name,
        db.query.text = sql,
        db.response.returned_rows = Empty,
        db.response.status_code = Empty,
        error.type = Empty,
        server.address = server.address,
        server.port = server.port,
    )
}

/// The query is over, after so many rows.
pub(crate) fn record_rows(span: &Span, rows: u64) {
    span.record("db.response.returned_rows", rows);
}

/// The query failed.
pub(crate) fn record_error(span: &Span, error: &Error) {
    if let Some(code) = error.code() {
        span.record("db.response.status_code", code);
    }
    span.record("error.type", error.code().unwrap_or("connection"));
    span.record("otel.status_code", "ERROR");
}
