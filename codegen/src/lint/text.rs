//! Rules and violations, as text for people.

use super::rule::{Rule, Set, Violation};
use super::rules::RULES;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::fmt::Write as _;

/// A violation at its place in schema.sql.
pub(super) fn describe_violation(violation: &Violation, span: Span) -> Diagnostic {
    let Violation { rule, finding } = violation;
    Diagnostic::error(rule.id, span, finding.message.as_str()).help(finding.fix.text())
}

/// Every rule with its promise, a line each: the general ones, then those of the optional sets.
pub fn list_rules() -> String {
    let mut text = list_set(Set::General);
    for set in Set::OPTIONAL {
        let name = set.name();
        let _ = write!(
            text,
            "\nchecked if xact.toml has `[lint]` with `sets = [\"{name}\"]`:\n\n"
        );
        text += &list_set(*set);
    }
    text
}

fn list_set(set: Set) -> String {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let rules = RULES.iter().filter(|rule| rule.set == set);
    let lines = rules.map(|rule| format!("{:width$}  {}\n", rule.id, rule.promise));
    lines.collect()
}

/// A rule with its reason, an example that breaks it, one that keeps it, and the form of an exception.
pub fn explain_rule(rule: &Rule) -> String {
    let Rule {
        id,
        promise,
        why,
        bad,
        good,
        set,
        ..
    } = rule;
    let optional = match set {
        Set::General => "",
        Set::House => "Checked if xact.toml has `[lint]` with `sets = [\"house\"]`.\n\n",
    };
    format!(
        "{id}: {promise}\n\n{why}\n\n{optional}breaks it:\n\n{}\nkeeps it:\n\n{}\n\
         an exception, in xact.toml:\n\n    [lint.{id}.except]\n    \"table\" = \"the reason\"\n",
        indent_sql(bad),
        indent_sql(good)
    )
}

fn indent_sql(sql: &str) -> String {
    let line = |line: &str| format!("    {line}").trim_end().to_owned() + "\n";
    sql.trim().lines().map(line).collect()
}
