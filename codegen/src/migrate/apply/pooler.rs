//! Finds out whether a transaction pooler, such as pgbouncer with `pool_mode = transaction`, is between
//! the tool and the server.
//!
//! The lock under which migrations run belongs to a session of the server. A transaction pooler gives
//! each transaction whichever session is free, so two processes hold the lock of one session at once,
//! and the lock stays behind when both have left. Nothing is changed before this is ruled out.

use super::Session;
use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Row as _};
use std::time::Duration;

/// How often both connections are asked for their server process. A pooler gives the session that was
/// released last, so the first round shows it unless other clients are quicker each time.
const ROUNDS: usize = 4;

/// How long to wait for the second connection. A session pooler whose sessions are all in use lets it
/// wait, and is no obstacle.
const SECOND: Duration = Duration::from_secs(3);

/// By the simple protocol, because a pooler may not know prepared statements.
const PROCESS: &str = "SELECT pg_catalog.pg_backend_pid()";

/// Fails if the session's statements reach different server processes, or one that other clients use too.
///
/// # Errors
/// [`Failure::Pooler`], or a failure if the connection breaks.
pub(super) async fn refuse_pooler(session: &mut Session) -> Result<(), Failure> {
    let Some(options) = session.watch.as_ref().map(|watch| watch.options.clone()) else {
        // The connection is to a server that the tool started itself.
        return Ok(());
    };
    let own = server_process(&mut session.connection).await?;
    let mut second = connect_within(&options, SECOND).await;
    let mut shared = false;
    for _ in 0..ROUNDS {
        if let Some(connection) = &mut second {
            // Two client connections in one server process can only be a pooler's.
            shared |= server_process(connection).await.ok() == Some(own);
        }
        // And so can one client connection in two processes.
        shared |= server_process(&mut session.connection).await? != own;
    }
    if let Some(connection) = second {
        // A connection that cannot be closed in order is closed all the same.
        let _ = connection.close().await;
    }
    if shared {
        return Err(Failure::Pooler);
    }
    session.process = Some(own);
    Ok(())
}

async fn connect_within(options: &PgConnectOptions, limit: Duration) -> Option<PgConnection> {
    let connecting = async {
        let mut connection = options.connect().await.ok()?;
        // A pooler lets clients in at once, and waits for a session with the first statement.
        server_process(&mut connection).await.ok()?;
        Some(connection)
    };
    tokio::time::timeout(limit, connecting).await.ok()?
}

/// The server process that answers.
pub(super) async fn server_process(connection: &mut PgConnection) -> Result<i32, Failure> {
    let row = sqlx::raw_sql(PROCESS).fetch_one(connection).await;
    row.and_then(|row| row.try_get(0))
        .map_err(Failure::connection("asking for the server process"))
}
