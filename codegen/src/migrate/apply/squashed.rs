//! A database that has the migrations which a squashed one replaces: it gets the records of the new one.

use super::Session;
use super::folder::{Folder, Migration};
use super::header::short_checksum;
use super::ledger::{self, Ledger, MigrationEntry, MigrationRecord};
use super::progress::{Event, Observer};
use super::refusal::stop_with_one;
use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use sqlx::types::time::OffsetDateTime;

/// Replaces the records of squashed migrations, if the database has all of them; under the lock.
///
/// # Errors
/// A diagnostic if the database has only some of them.
pub(super) async fn adopt_squashed(
    session: &mut Session,
    folder: &Folder,
    ledger: Ledger,
    observer: Observer<'_>,
) -> Result<Ledger, Stop> {
    let replaced = replaced_records(folder, &ledger)?;
    if replaced.is_empty() {
        return Ok(ledger);
    }
    let table = session.table().await?;
    let doing = "replacing the records of squashed migrations";
    session.begin(doing).await?;
    // Deleted before the insert: the new migration has the version of the last that it replaces.
    for SquashedRecord {
        migration,
        versions,
        applied,
    } in &replaced
    {
        let connection = &mut session.connection;
        for version in versions {
            let deleted = ledger::delete_record(connection, &table, *version).await;
            deleted.map_err(ledger::table_failure)?;
        }
        let inserted =
            ledger::insert_record(connection, &table, &MigrationEntry::of(migration)).await;
        inserted.map_err(ledger::table_failure)?;
        let kept = ledger::keep_time(connection, &table, migration.version, *applied).await;
        kept.map_err(ledger::table_failure)?;
    }
    session.execute("COMMIT", doing).await?;
    for record in &replaced {
        observer(&Event::Squashed(record.migration, record.versions.len()));
    }
    Ok(Ledger::read(session).await?)
}

/// The ledger as [`adopt_squashed`] would leave it. Changes nothing.
///
/// # Errors
/// As [`adopt_squashed`].
pub(super) fn as_adopted(folder: &Folder, ledger: &Ledger) -> Result<Ledger, Stop> {
    let mut adopted = ledger.clone();
    for SquashedRecord {
        migration,
        versions,
        applied,
    } in replaced_records(folder, ledger)?
    {
        let last = versions
            .iter()
            .filter_map(|version| adopted.records.remove(version))
            .last();
        if let Some(record) = last {
            let record = MigrationRecord {
                description: migration.description(),
                checksum: migration.checksum(),
                installed_on: applied,
                ..record
            };
            adopted.records.insert(migration.version, record);
        }
    }
    Ok(adopted)
}

/// A squashed migration whose record replaces those of others.
#[derive(Clone, Debug)]
pub struct SquashedRecord<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// The versions whose records it replaces.
    pub versions: Vec<i64>,
    /// When the last of them was applied.
    pub applied: OffsetDateTime,
}

/// Each squashed migration whose predecessors the database has, with the versions of those.
///
/// # Errors
/// A diagnostic if the database has only some of them.
pub(super) fn replaced_records<'a>(
    folder: &'a Folder,
    ledger: &Ledger,
) -> Result<Vec<SquashedRecord<'a>>, Stop> {
    let mut replaced = Vec::new();
    let squashed = folder.migrations.iter();
    for migration in squashed.filter(|migration| !migration.squashes.is_empty()) {
        let known = |version: i64, checksum: &str| {
            let record = ledger.records.get(&version);
            record.is_some_and(|record| {
                record.progress.is_none() && short_checksum(&record.checksum) == checksum
            })
        };
        let is_new = ledger
            .records
            .get(&migration.version)
            .is_some_and(|record| {
                record.progress.is_none() && record.checksum == migration.checksum()
            });
        let names = migration.squashes.iter();
        let (has, lacks): (Vec<_>, Vec<_>) =
            names.partition(|(name, checksum)| known(version_of(name), checksum));
        // A database without any of them runs the squashed file as a plain migration.
        if is_new || has.is_empty() {
            continue;
        }
        // Of migrations that were squashed twice, the database has the later form only.
        if !is_complete(migration, &has) {
            return Err(refuse_partial(migration, has.len(), &lacks));
        }
        let versions: Vec<i64> = has.iter().map(|(name, _)| version_of(name)).collect();
        let records = versions
            .iter()
            .filter_map(|version| ledger.records.get(version));
        // Invariant: `has` is not empty, and each of its versions has a record.
        if let Some(applied) = records.map(|record| record.installed_on).max() {
            replaced.push(SquashedRecord {
                migration,
                versions,
                applied,
            });
        }
    }
    Ok(replaced)
}

/// Whether the database has each replaced version, in one of its forms.
fn is_complete(migration: &Migration, has: &[&(String, String)]) -> bool {
    let has_version = |wanted: i64| has.iter().any(|(name, _)| version_of(name) == wanted);
    // A squashed migration that is squashed once more comes after those that it replaced, under the
    // version of the last of them; a database with it has no records of the others.
    let last_form = migration
        .squashes
        .iter()
        .enumerate()
        .filter(|(place, (name, _))| {
            let later = &migration.squashes[place + 1..];
            later
                .iter()
                .any(|(other, _)| version_of(other) == version_of(name))
        })
        .map(|(place, _)| place)
        .next_back();
    let from = last_form.map_or(0, |place| place + 1);
    let all = migration.squashes.iter();
    let newer = migration.squashes[from..].iter();
    all.map(|(name, _)| version_of(name)).all(has_version)
        || newer.map(|(name, _)| version_of(name)).all(has_version)
}

fn refuse_partial(migration: &Migration, has: usize, lacks: &[&(String, String)]) -> Stop {
    let first = lacks.first().map_or("", |(name, _)| name.as_str());
    let message = format!(
        "the database has {has} of the {} migrations that this one replaces",
        has + lacks.len()
    );
    stop_with_one(
        Diagnostic::in_file("partly-squashed", &migration.up.path, None, message)
            .note(format!("it lacks `{first}`, or has it with another text"))
            .help("apply the others with the files from before they were replaced, then this one"),
    )
}

/// `1_notes` → 1.
fn version_of(name: &str) -> i64 {
    let digits = name.split('_').next().unwrap_or(name);
    // No migration has a negative version.
    digits.parse().unwrap_or(-1)
}
