//! A proof as text for people, as Markdown for a pull request, and as JSON for tools.

mod json;
mod markdown;
mod text;

pub use json::write_json;
pub use markdown::write_markdown;
pub use text::{write_rows, write_summary, write_text};

use super::proof::{Proof, Verdict};

/// The operations on tables and views, in the order of the columns.
const COLUMNS: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY",
];

/// The kinds of object that are counted, and the word for several of them.
const KINDS: &[(&str, &str)] = &[
    ("table ", "tables"),
    ("view ", "views"),
    ("materialized view ", "materialized views"),
    ("query ", "queries"),
    ("function ", "functions"),
];

/// The relations of a scope with the word for each operation.
fn list_relations<'p>(proof: &'p Proof, scope: &str) -> Vec<(&'p str, Vec<&'static str>)> {
    let mut relations: Vec<(&str, Vec<&'static str>)> = Vec::new();
    let own = |verdict: &&Verdict| {
        let kinds = ["table ", "view ", "materialized view "];
        verdict.scope == scope && kinds.iter().any(|kind| verdict.object.starts_with(kind))
    };
    for verdict in proof.verdicts.iter().filter(own) {
        let name = verdict.object.rsplit(' ').next().unwrap_or_default();
        if relations.last().is_none_or(|(last, _)| *last != name) {
            relations.push((name, vec![""; COLUMNS.len()]));
        }
        let column = COLUMNS
            .iter()
            .position(|column| *column == verdict.operation);
        if let (Some(column), Some((_, words))) = (column, relations.last_mut()) {
            words[column] = verdict.finding.word();
        }
    }
    relations
}

/// `9 of 9 tables, 33 of 33 queries`
fn count_objects(proof: &Proof, scope: &str) -> String {
    let counted = KINDS.iter().filter_map(|(kind, several)| {
        let (isolated, all) = proof.count(scope, kind);
        (all > 0).then(|| format!("{isolated} of {all} {several}"))
    });
    let counted: Vec<String> = counted.collect();
    counted.join(", ")
}
