//! Works until Ctrl-C, on the database at `DATABASE_URL`: `example-worker FOLDER`, where the files are.

use database::Database;
use example_worker::{fail_abandoned, work_once};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

/// How long to wait when there is nothing to do.
const PAUSE: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let files = std::env::args_os().nth(1).map(PathBuf::from);
    let files = files.ok_or("name the folder of the files: `example-worker FOLDER`")?;
    let db = Database::from_env().await?;
    db.pool().wait_until_ready(Duration::from_secs(30)).await?;
    db.verify_schema().await?;
    loop {
        for id in fail_abandoned(&db).await? {
            println!("{id} was abandoned");
        }
        // An import that has begun is brought to its end.
        while work_once(&db, &files).await? {}
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    db.pool().close().await;
    Ok(())
}
