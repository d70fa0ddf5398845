//! The proof for a pull request.

use super::{COLUMNS, count_objects, list_relations};
use crate::prove::proof::Proof;
use std::fmt::Write as _;

/// A table for each scope, and the leaks below.
pub fn write_markdown(proof: &Proof) -> String {
    let mut text = String::new();
    for scope in &proof.scopes {
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "### Isolation in scope `{scope}`\n\nIsolated: {}.\n",
            count_objects(proof, scope)
        );
        let _ = writeln!(text, "| | {} |", COLUMNS.join(" | "));
        let _ = writeln!(text, "|---|{}", "---|".repeat(COLUMNS.len()));
        for (name, words) in list_relations(proof, scope) {
            let _ = writeln!(text, "| `{name}` | {} |", words.join(" | "));
        }
        text.push('\n');
    }
    for (verdict, attack) in proof.leaks() {
        let _ = writeln!(
            text,
            "**Leak**: `{}`, {}: {}. As {}:\n\n```sql\n{}```\n",
            verdict.object, verdict.operation, attack.reason, attack.identity, attack.script
        );
    }
    for (verdict, attack) in proof.oracles() {
        let _ = writeln!(
            text,
            "- oracle: `{}`, {}: {}",
            verdict.object, verdict.operation, attack.reason
        );
    }
    for (verdict, reason) in proof.not_covered() {
        let _ = writeln!(
            text,
            "- not covered: `{}`, {}: {reason}",
            verdict.object, verdict.operation
        );
    }
    text
}
