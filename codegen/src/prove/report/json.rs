//! The proof for tools: one document.

use crate::prove::proof::{AttackResult, Proof, Verdict};
use serde_json::{Value, json};

/// The proof as JSON, with every verdict.
pub fn write_json(proof: &Proof) -> String {
    let verdicts: Vec<Value> = proof.verdicts.iter().map(write_verdict).collect();
    let unfilled = proof.unfilled.iter();
    let unfilled: Vec<Value> = unfilled
        .map(|(table, reason, sql)| json!({ "table": table, "reason": reason, "sql": sql }))
        .collect();
    let document = json!({
        "scopes": proof.scopes,
        "attacks": proof.attacks,
        "verdicts": verdicts,
        "without_rows": unfilled,
    });
    format!("{document:#}\n")
}

fn write_verdict(verdict: &Verdict) -> Value {
    let mut written = json!({
        "scope": verdict.scope,
        "object": verdict.object,
        "operation": verdict.operation,
        "attacks": verdict.attacks,
        "finding": verdict.finding.word().to_lowercase().replace(' ', "_"),
    });
    match &verdict.finding {
        AttackResult::Leak(attack) | AttackResult::Oracle(attack) => {
            written["reason"] = json!(attack.reason);
            written["identity"] = json!(attack.identity);
            written["script"] = json!(attack.script);
        }
        AttackResult::NotCovered(reason) | AttackResult::Excepted(reason) => {
            written["reason"] = json!(reason);
        }
        AttackResult::Proved(_) => {}
    }
    written
}
