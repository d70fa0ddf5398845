//! Serving until told to stop: requests that have begun are answered, then the pool is closed.

use crate::App;
use std::io;
use tokio::net::TcpListener;

/// Serves until `stop` is ready.
///
/// # Errors
/// If the listener fails.
///
/// # Cancellation
/// Dropping the future breaks the connections off.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let pool = app.db.pool().clone();
    axum::serve(listener, app.router())
        .with_graceful_shutdown(stop)
        .await?;
    pool.close().await;
    Ok(())
}
