//! The work that [`run`](super::run()) would do: given the folder and the table, gives a plan. Changes nothing.

use super::ahead::{Newer, newer_versions, without_newer};
use super::folder::{Folder, Migration};
use super::ledger::{Direction, Ledger, Progress};
use super::run::{Target, check_applied, choose_pending, cut_interrupted};
use super::script::MigrationScript;
use super::squashed::{self, SquashedRecord};
use super::{Session, refusal};
use crate::report::Stop;
use std::path::Path;

/// What [`run`](super::run()) would do, in this order.
#[derive(Clone, Debug, Default)]
pub struct RunPlan<'a> {
    /// The squashed migrations whose records would replace those of others.
    pub replaced: Vec<SquashedRecord<'a>>,
    /// The interrupted migration that would be continued, in its direction.
    pub continued: Option<(&'a Migration, Progress)>,
    /// The migrations that would be applied.
    pub pending: Vec<&'a Migration>,
    /// Applied migrations that the folder does not have, if it lacks nothing else.
    pub newer: Vec<Newer>,
}

/// The plan. Changes nothing and takes no lock.
///
/// # Errors
/// As [`run`](super::run()), except for the errors that only running shows.
///
/// # Cancellation
/// Nothing was changed.
pub async fn plan<'a>(
    session: &mut Session,
    root: &Path,
    folder: &'a Folder,
    target: Target,
) -> Result<RunPlan<'a>, Stop> {
    let read = Ledger::read(session).await?;
    let replaced = squashed::replaced_records(folder, &read)?;
    let mut ledger = squashed::as_adopted(folder, &read)?;
    let newer = newer_versions(folder, &ledger);
    check_applied(root, folder, &without_newer(&ledger, &newer))?;
    let mut continued = None;
    if let Some((version, progress)) = ledger.interrupted() {
        let migration = folder.named(version)?;
        cut_interrupted(migration, progress, &ledger)?;
        continued = Some((migration, progress));
        if progress.direction == Direction::Down {
            // At the end of its way back it is pending.
            ledger.records.remove(&version);
        }
    }
    let pending = choose_pending(folder, &ledger, target)?;
    for migration in &pending {
        MigrationScript::cut(&migration.up).map_err(refusal::stop_with_one)?;
    }
    Ok(RunPlan {
        replaced,
        continued,
        pending,
        newer,
    })
}
