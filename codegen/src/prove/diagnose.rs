//! A proof as diagnostics, for editors and pull requests: an error for each leak, a warning for the rest.

use super::proof::{Attack, Proof, Verdict};
use crate::report::diagnostic::{self, Diagnostic};

/// The diagnostics of a proof, sorted.
pub fn diagnose(proof: &Proof) -> Vec<Diagnostic> {
    let leaks = proof.leaks().map(|(verdict, attack)| {
        let message = format!(
            "{} leaks in scope `{}`: {} {}",
            quote_object(&verdict.object),
            verdict.scope,
            verdict.operation,
            attack.reason
        );
        let found = match &verdict.location {
            Some(span) => Diagnostic::error("tenant-leak", span.clone(), message),
            None => Diagnostic::in_file("tenant-leak", &proof.migrations, None, message),
        };
        found.note(describe_attack(attack)).help(HELP)
    });
    let not_covered = proof.not_covered().map(|(verdict, reason)| {
        let message = format!(
            "{} of {} in scope `{}` is not proved: {reason}",
            verdict.operation,
            quote_object(&verdict.object),
            verdict.scope
        );
        report_verdict(proof, verdict, message).warning()
    });
    let unfilled = proof.unfilled.iter().map(|(table, reason, sql)| {
        let message = format!("`{table}` has no rows to attack: {reason}");
        let found = Diagnostic::in_file("not-proved", &proof.migrations, None, message).warning();
        let seed = "name a file in xact.toml, `[prove] seed = \"prove.sql\"`, that inserts a row for each tenant";
        let found = found.help(seed);
        if sql.is_empty() { found } else { found.help(format!("complete this in it: `{sql}`")) }
    });
    let mut found: Vec<Diagnostic> = leaks.chain(not_covered).chain(unfilled).collect();
    diagnostic::sort(&mut found);
    found
}

const HELP: &str = "make a policy or a privilege refuse it; if it is intended, say why in xact.toml: `[prove.except]`";

fn report_verdict(proof: &Proof, verdict: &Verdict, message: String) -> Diagnostic {
    match &verdict.location {
        Some(span) => Diagnostic::error("not-proved", span.clone(), message),
        None => Diagnostic::in_file("not-proved", &proof.migrations, None, message),
    }
}

/// `table notes` → ``table `notes` ``
fn quote_object(object: &str) -> String {
    match object.split_once(' ') {
        Some((kind, name)) => format!("{kind} `{name}`"),
        None => object.to_owned(),
    }
}

fn describe_attack(attack: &Attack) -> String {
    let script = attack.script.trim_end();
    format!(
        "{} runs, with the rows of `xact prove --rows`:\n{script}",
        attack.identity
    )
}
