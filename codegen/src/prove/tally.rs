//! The judgements of many attacks, as one verdict for each object and operation.

use super::attacks::{AttackStage, Targets};
use super::judge::Judgement;
use super::probe::Probe;
use super::proof::{Attack, AttackResult, ProofEvidence, Verdict};
use super::rows::Unfilled;
use super::tenants::Tenants;
use std::collections::{BTreeMap, HashMap};

/// The judgements on one operation.
#[derive(Debug, Default)]
struct TallyEntry {
    attacks: usize,
    leak: Option<Attack>,
    oracle: Option<Attack>,
    refused: bool,
    /// Whether the caller's own rows came back or were changed.
    worked: bool,
    ran: bool,
    failure: Option<String>,
}

/// All judgements of a scope.
#[derive(Debug, Default)]
pub(super) struct Tally {
    entries: BTreeMap<(String, &'static str), TallyEntry>,
}

/// The operations in the order of a report.
const OPERATIONS: &[&str] = &[
    "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY", "run", "call", "read",
    "nextval", "setval",
];

impl Tally {
    /// Notes one judgement. The shortest leak is kept, which is the easiest to read.
    pub(super) fn add(&mut self, stage: &AttackStage<'_>, probe: &Probe, judgement: Judgement) {
        let key = (probe.object.clone(), probe.operation);
        let entry = self.entries.entry(key).or_default();
        entry.attacks += 1;
        match judgement {
            Judgement::Leak(reason) => {
                keep_shortest(&mut entry.leak, describe_attack(stage, probe, reason));
            }
            Judgement::Oracle(reason) => {
                keep_shortest(&mut entry.oracle, describe_attack(stage, probe, reason));
            }
            Judgement::Refused => entry.refused = true,
            Judgement::Failed(message) => entry.failure = entry.failure.take().or(Some(message)),
            Judgement::Ran(worked) => {
                entry.ran = true;
                // Only a valid user shows that the operation can work at all.
                entry.worked |= worked && stage.identity.claim.valid;
            }
        }
    }

    /// Whether an attack succeeded.
    pub(super) fn has_leak(&self) -> bool {
        self.entries.values().any(|entry| entry.leak.is_some())
    }

    /// How many attacks there were.
    pub(super) fn count(&self) -> usize {
        self.entries.values().map(|entry| entry.attacks).sum()
    }

    /// The verdicts, in the order of the targets.
    pub(super) fn into_verdicts(
        self,
        (scope, tenants): (&str, &Tenants<'_>),
        targets: &Targets<'_>,
        unfilled: &[Unfilled],
    ) -> Vec<Verdict> {
        let objects = targets.objects();
        let order: HashMap<&str, usize> = objects
            .iter()
            .enumerate()
            .map(|(place, object)| (object.as_str(), place))
            .collect();
        let mut verdicts: Vec<Verdict> = self
            .entries
            .into_iter()
            .map(|((object, operation), entry)| Verdict {
                scope: scope.to_owned(),
                attacks: entry.attacks,
                location: targets.find_location(&object),
                finding: conclude_entry(tenants, &object, operation, entry, unfilled),
                operation: operation.to_owned(),
                object,
            })
            .collect();
        verdicts.sort_by_key(|verdict| {
            let place = order
                .get(verdict.object.as_str())
                .copied()
                .unwrap_or(usize::MAX);
            let operation = OPERATIONS
                .iter()
                .position(|known| *known == verdict.operation);
            (
                place,
                operation.unwrap_or(usize::MAX),
                verdict.operation.clone(),
            )
        });
        verdicts
    }
}

fn conclude_entry(
    tenants: &Tenants<'_>,
    object: &str,
    operation: &str,
    entry: TallyEntry,
    unfilled: &[Unfilled],
) -> AttackResult {
    if let Some(leak) = entry.leak {
        return AttackResult::Leak(leak);
    }
    let table = object
        .strip_prefix("table ")
        .and_then(|name| tenants.tables.iter().position(|table| table.sql() == name));
    if !entry.ran && entry.refused {
        return AttackResult::Proved(ProofEvidence::Refused);
    }
    if let Some(oracle) = entry.oracle {
        return AttackResult::Oracle(oracle);
    }
    if let Some(empty) = unfilled
        .iter()
        .find(|unfilled| Some(unfilled.table) == table)
    {
        return AttackResult::NotCovered(format!("the table has no rows: {}", empty.reason));
    }
    if table.is_some_and(|table| tenants.is_reference(table)) {
        return AttackResult::Proved(ProofEvidence::Shared);
    }
    let is_called = matches!(operation, "run" | "call");
    match entry.failure {
        Some(message) if !entry.ran => {
            AttackResult::NotCovered(format!("every attempt failed: {message}"))
        }
        _ if is_called && !entry.worked && !entry.refused
            || operation == "SELECT" && !entry.worked =>
        {
            AttackResult::NotCovered(
                "no attempt had a row of the caller's own to compare with".to_owned(),
            )
        }
        _ => AttackResult::Proved(ProofEvidence::Isolated),
    }
}

fn keep_shortest(kept: &mut Option<Attack>, found: Attack) {
    if kept
        .as_ref()
        .is_none_or(|kept| found.script.len() < kept.script.len())
    {
        *kept = Some(found);
    }
}

/// The attack as a script: rolled back, so that it can be run many times.
fn describe_attack(stage: &AttackStage<'_>, probe: &Probe, reason: String) -> Attack {
    let mut lines = vec!["BEGIN".to_owned()];
    if probe.statement.contains("xact_peek") {
        lines.push(PEEK.to_owned());
    }
    if !probe.before.is_empty() {
        lines.extend(probe.before.iter().cloned());
        // As a pool does it: the session goes on with the transaction of the next user.
        lines.push("COMMIT".to_owned());
        lines.push("BEGIN".to_owned());
    }
    lines.extend(stage.identity.prologue.iter().cloned());
    lines.push(probe.statement.clone());
    // The lines after COPY's own end are no part of its statement.
    let is_copy = probe.statement.ends_with("\n\\.");
    let mut script = lines.join(";\n");
    script.push_str(if is_copy {
        "\nROLLBACK;\n"
    } else {
        ";\nROLLBACK;\n"
    });
    Attack {
        reason,
        identity: stage.identity.name.to_owned(),
        script,
    }
}

/// The function of `probe.sql`, as a script needs it: it shows every value that it is given.
const PEEK: &str = "CREATE FUNCTION pg_temp.xact_peek(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0000000001 \
                    AS 'BEGIN RAISE NOTICE ''%'', value; RETURN true; END'";
