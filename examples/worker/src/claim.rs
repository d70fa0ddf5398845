//! Claims an import: no other worker has it then, and all can see whether its worker lives.

use database::Database;
use database::types::{ImportJob, ImportJobId};
use xact::Lock;

/// An import that this worker has.
#[derive(Debug)]
pub struct Claim {
    /// The import.
    pub job: ImportJob,
    /// Held for as long as it is worked on.
    pub lock: Lock,
}

/// Takes up the import that has waited longest, if one waits that no other worker is taking up.
///
/// # Errors
/// If the database fails.
///
/// # Cancellation
/// Nothing was taken up, unless the last message had reached the server already.
pub async fn claim(db: &Database) -> Result<Option<Claim>, xact::Error> {
    db.xact_admin(async |q| {
        let Some(job) = q.orm().import_jobs_start_next().await? else {
            return Ok(None);
        };
        // Before the commit: whoever sees that the import runs finds it locked.
        let lock = db.pool().lock(&lock_name(&job.id)).await?;
        Ok(Some(Claim { job, lock }))
    })
    .await
}

/// The lock of an import that is worked on.
pub(crate) fn lock_name(id: &ImportJobId) -> String {
    format!("import {id}")
}
