//! Imports whose worker died: their status is running, and no session holds their lock.

use crate::claim::lock_name;
use database::Database;
use database::types::{ImportJobId, ImportJobStatus};

/// As many imports of an organization are looked at.
const NEWEST: i64 = 1000;

/// Marks them as failed; gives their ids. One process at a time does it, the others find nothing to do.
///
/// # Errors
/// If the database fails.
///
/// # Cancellation
/// Some may have been marked; the rest is found the next time.
pub async fn fail_abandoned(db: &Database) -> Result<Vec<ImportJobId>, xact::Error> {
    let Some(sweeping) = db.pool().try_lock("abandoned imports").await? else {
        return Ok(Vec::new());
    };
    let mut abandoned = Vec::new();
    for id in running(db).await? {
        // A worker that is at it holds the lock, and has it since before the import was `running`.
        if let Some(lock) = db.pool().try_lock(&lock_name(&id)).await? {
            let reason = Some("the worker ended before the import did");
            db.xact_admin(async |q| q.orm().import_jobs_fail(reason, &id).await)
                .await?;
            lock.release().await?;
            abandoned.push(id);
        }
    }
    sweeping.release().await?;
    Ok(abandoned)
}

async fn running(db: &Database) -> Result<Vec<ImportJobId>, xact::Error> {
    db.xact_admin(async |q| {
        let mut running = Vec::new();
        for organization in q.orm().organizations_list().await? {
            let jobs = q.orm().import_jobs_list(&organization.id, NEWEST).await?;
            let jobs = jobs.into_iter();
            let jobs = jobs.filter(|job| job.status == ImportJobStatus::Running);
            running.extend(jobs.map(|job| job.id));
        }
        Ok(running)
    })
    .await
}
