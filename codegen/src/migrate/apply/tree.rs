//! The tree that `-- depends:` lines make of the migrations.
//!
//! A migration without the line builds on the one before it, so a folder that never heard of the
//! line is one branch. Invariant: a parent's version is lower than its child's, for stock sqlx
//! applies in order of version.

use super::folder::Migration;
use super::header;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Fills in the parents, and reports wrong lines.
pub(in crate::migrate) fn with_parents(
    mut migrations: Vec<Migration>,
) -> (Vec<Migration>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut named: BTreeMap<i64, Vec<(i64, Span)>> = BTreeMap::new();
    let mut before = None;
    let replacements = map_replacements(&migrations);
    for migration in &mut migrations {
        match header::read_depends(&migration.up) {
            Ok(Some(mut depends)) => {
                // A migration that was squashed lives on in the one that replaced it.
                for (parent, _) in &mut depends {
                    *parent = replacements.get(parent).copied().unwrap_or(*parent);
                }
                migration.parents = depends.iter().map(|(parent, _)| *parent).collect();
                named.insert(migration.version, depends);
            }
            // As stock sqlx sees it: each follows the one before.
            Ok(None) => migration.parents = before.into_iter().collect(),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
        before = Some(migration.version);
    }
    let edges: BTreeMap<i64, Vec<i64>> = migrations
        .iter()
        .map(|migration| (migration.version, migration.parents.clone()))
        .collect();
    for (version, depends) in &named {
        for (parent, span) in depends {
            diagnostics.extend(check_parent(*version, *parent, span, &edges));
        }
    }
    (migrations, diagnostics)
}

/// The squashed migration in place of each one that it replaced: applied files still name those.
fn map_replacements(migrations: &[Migration]) -> BTreeMap<i64, i64> {
    let mut replacements = BTreeMap::new();
    for migration in migrations {
        for (name, _) in &migration.squashes {
            let version = name.split('_').next().and_then(header::parse_version);
            replacements.extend(version.map(|version| (version, migration.version)));
        }
    }
    replacements
}

fn check_parent(
    version: i64,
    parent: i64,
    span: &Span,
    edges: &BTreeMap<i64, Vec<i64>>,
) -> Option<Diagnostic> {
    if !edges.contains_key(&parent) {
        let message = format!("there is no migration of version {parent}");
        let missing = Diagnostic::error("missing-parent", span.clone(), message)
            .help("bring its files into `migrations/`, or name a migration that is there");
        return Some(missing);
    }
    if let Some(circle) = find_path(parent, version, edges) {
        let circle: Vec<String> = circle.iter().map(i64::to_string).collect();
        let message = format!("version {version} depends on itself");
        let diagnostic = Diagnostic::error("migration-cycle", span.clone(), message)
            .note(format!("{version} → {}", circle.join(" → ")))
            .help("take one of these versions out of its `-- depends:` line");
        return Some(diagnostic);
    }
    (parent > version).then(|| {
        let message = format!("version {parent} is applied after version {version}");
        Diagnostic::error("depends-on-later", span.clone(), message)
            .note("migrations are applied in order of version, by stock sqlx too")
            .help("give this migration a version that is higher, up and down")
    })
}

/// The way from `from` to `to` along parents, both included.
fn find_path(from: i64, to: i64, edges: &BTreeMap<i64, Vec<i64>>) -> Option<Vec<i64>> {
    let mut ways = vec![vec![from]];
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        if !seen.insert(last) {
            continue;
        }
        for next in edges.get(&last).into_iter().flatten() {
            ways.push(way.iter().copied().chain([*next]).collect());
        }
    }
    None
}

/// The migrations that no other one builds on, in order of version.
pub(in crate::migrate) fn find_heads(migrations: &[Migration]) -> Vec<&Migration> {
    let parents: BTreeSet<i64> = migrations
        .iter()
        .flat_map(|migration| migration.parents.iter().copied())
        .collect();
    migrations
        .iter()
        .filter(|migration| !parents.contains(&migration.version))
        .collect()
}

/// The migration and all it builds on, in order of version.
pub(in crate::migrate) fn collect_branch(migrations: &[Migration], head: i64) -> Vec<&Migration> {
    let mut wanted = BTreeSet::from([head]);
    // Parents have lower versions, so one walk from the end sees every child first.
    for migration in migrations.iter().rev() {
        if wanted.contains(&migration.version) {
            wanted.extend(&migration.parents);
        }
    }
    let wanted = |migration: &&Migration| wanted.contains(&migration.version);
    migrations.iter().filter(wanted).collect()
}
