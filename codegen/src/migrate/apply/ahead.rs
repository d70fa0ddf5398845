//! A database that is ahead of the files, as during a rolling deployment or after a rollback of one:
//! a newer release migrated it, and an instance of the older release starts.

use super::folder::Folder;
use super::ledger::{Ledger, MigrationRecord};

/// The applied migrations that the folder does not have, if it has nothing that the database lacks.
///
/// If something is pending, the missing files may conflict with it, so they are errors then.
pub(super) fn newer_versions(folder: &Folder, ledger: &Ledger) -> Vec<Newer> {
    let applied = |version: i64| ledger.has(version);
    let mut migrations = folder.migrations.iter();
    // An interrupted migration has to be finished with the files that began it.
    if ledger.interrupted().is_some() || !migrations.all(|migration| applied(migration.version)) {
        return Vec::new();
    }
    let records = ledger.records.iter();
    let unknown = records.filter(|(version, _)| folder.get(**version).is_none());
    unknown.map(Newer::of).collect()
}

/// The ledger without the records of newer migrations.
pub(super) fn without_newer(ledger: &Ledger, newer: &[Newer]) -> Ledger {
    let mut ledger = ledger.clone();
    // Only for the comparison with the folder: the records themselves stay in the table.
    ledger
        .records
        .retain(|version, _| !newer.iter().any(|newer| newer.version == *version));
    ledger
}

/// An applied migration without a file here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newer {
    /// Its version.
    pub version: i64,
    /// Its slug with blanks, as the table of migrations has it.
    pub description: String,
}

impl Newer {
    fn of((version, record): (&i64, &MigrationRecord)) -> Self {
        Self {
            version: *version,
            description: record.description.clone(),
        }
    }
}

impl std::fmt::Display for Newer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.version, self.description)
    }
}
