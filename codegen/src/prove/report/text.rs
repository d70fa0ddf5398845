//! The proof for people, in a terminal.

use super::{COLUMNS, count_objects, list_relations};
use crate::prove::proof::{Attack, Proof, Verdict};
use std::fmt::Write as _;

/// A table for each scope, then each leak with the statement that shows it.
pub fn write_text(proof: &Proof) -> String {
    let mut text = String::new();
    for scope in &proof.scopes {
        write_scope(&mut text, proof, scope);
    }
    for (verdict, attack) in proof.leaks() {
        write_leak(&mut text, verdict, attack);
    }
    for (verdict, attack) in proof.oracles() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "oracle: {} of {} in scope {} {}",
            verdict.operation, verdict.object, verdict.scope, attack.reason
        );
    }
    for (verdict, reason) in proof.not_covered() {
        let _ = writeln!(
            text,
            "not covered: {} of {} in scope {}: {reason}",
            verdict.operation, verdict.object, verdict.scope
        );
    }
    for (table, reason, sql) in &proof.unfilled {
        let _ = writeln!(
            text,
            "no rows: {table}: {reason}\n  a seed file can have: {sql};"
        );
    }
    text
}

fn write_scope(text: &mut String, proof: &Proof, scope: &str) {
    let relations = list_relations(proof, scope);
    let width = relations
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    let _ = write!(text, "scope {scope}\n  {:width$}", "");
    for column in COLUMNS {
        let _ = write!(text, "  {column:11}");
    }
    trim_end(text);
    for (name, words) in relations {
        let _ = write!(text, "\n  {name:width$}");
        for word in words {
            let _ = write!(text, "  {word:11}");
        }
        trim_end(text);
    }
    let _ = writeln!(text, "\n  isolated: {}\n", count_objects(proof, scope));
}

fn trim_end(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
}

fn write_leak(text: &mut String, verdict: &Verdict, attack: &Attack) {
    let Verdict {
        scope,
        object,
        operation,
        ..
    } = verdict;
    let _ = writeln!(
        text,
        "LEAK: {operation} of {object} in scope {scope} {}",
        attack.reason
    );
    let _ = writeln!(text, "  as {}:", attack.identity);
    for line in attack.script.lines() {
        let _ = writeln!(text, "    {line}");
    }
    text.push('\n');
}

/// The proof in one line.
pub fn write_summary(proof: &Proof) -> String {
    let counts = proof
        .scopes
        .iter()
        .map(|scope| format!("scope {scope}: {}", count_objects(proof, scope)));
    let counts: Vec<String> = counts.collect();
    format!(
        "{} isolated; {} leaks, {} oracles, {} not covered; {} attacks",
        counts.join("; "),
        proof.leaks().count(),
        proof.oracles().count(),
        proof.not_covered().count(),
        proof.attacks
    )
}

/// The SQL that makes the rows of both tenants, for `psql`.
pub fn write_rows(proof: &Proof) -> String {
    let statements = proof.rows.iter().map(|sql| format!("{sql};\n"));
    format!("BEGIN;\n{}COMMIT;\n", statements.collect::<String>())
}
