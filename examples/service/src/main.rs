//! Serves on port 3000, on the database at `DATABASE_URL`, until Ctrl-C.

use database::Database;
use example_service::{App, serve};
use std::error::Error;
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = Database::from_env().await?;
    db.pool().wait_until_ready(Duration::from_secs(30)).await?;
    db.verify_schema().await?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on {}", listener.local_addr()?);
    serve(listener, App::new(db), async {
        // Without a handler for the signal the process would have ended by itself.
        drop(tokio::signal::ctrl_c().await);
    })
    .await?;
    Ok(())
}
