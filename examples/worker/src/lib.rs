//! A worker on the reference data layer: takes up waiting imports, one at a time, as many workers as one likes.
//!
//! `FOR UPDATE SKIP LOCKED` in `import_jobs_start_next` gives every import to one worker alone, and none
//! waits for another. While it works it holds an advisory lock named after the import. A worker that
//! dies loses its connection and with it the lock: by that, others see that no worker has the import.

mod abandoned;
mod claim;
mod import;

pub use abandoned::fail_abandoned;
pub use claim::{Claim, claim};
pub use import::import;

use database::Database;
use std::path::Path;

/// Takes up one import and brings it to its end. False if none waits.
///
/// # Errors
/// If the database fails. An error in the file is recorded in the import instead.
///
/// # Cancellation
/// The import stays `running` without a lock, and [`fail_abandoned`] finds it.
pub async fn work_once(db: &Database, files: &Path) -> Result<bool, xact::Error> {
    let Some(claim) = claim(db).await? else {
        return Ok(false);
    };
    let job = &claim.job;
    if let Err(reason) = import(db, job, files).await {
        let reason = reason.to_string();
        db.xact_admin(async |q| q.orm().import_jobs_fail(Some(&reason), &job.id).await)
            .await?;
    }
    claim.lock.release().await?;
    Ok(true)
}
