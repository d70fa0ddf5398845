//! Conventions of tables, checked on the schema that the migrations build.
//!
//! [`lint`] is given the project and its [`Schema`], and gives everything that breaks a rule, each with
//! its place in schema.sql and the SQL that fixes it. A rule is one file of `rules/`: its promise, the reason,
//! an example that breaks it and one that keeps it. Nothing here talks to a server or changes anything.

mod rule;

mod access;
mod context;
mod place;
mod volatility;

mod rules;

mod configuration;
mod exceptions;

mod json;
mod text;

pub(crate) use configuration::check_configuration;
pub use context::Context;
pub use json::write_json;
pub use place::LinePrefixes;
pub use rule::{Finding, FindingFix, Rule, Set, Violation};
pub use rules::{FOUNDATIONS, RULES, named};
pub use text::{explain_rule, list_rules};

use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, sort};
use crate::report::source::{Position, SourceFile, Span};
use crate::schema::{Schema, dump};
use place::LineIndex;
use std::sync::Arc;

/// The violations of a schema, and the exceptions that it no longer needs.
#[derive(Debug)]
pub struct Report {
    /// Violations that are no exceptions, in the order of the rules.
    pub violations: Vec<Violation>,
    /// How many rules were checked.
    pub checked: usize,
    /// How many more there are that `xact.toml` makes exceptions of.
    pub excepted: usize,
    /// Exceptions that nothing needs, and those that name nothing.
    pub exceptions: Vec<Diagnostic>,
    /// schema.sql, for the places of the violations.
    pub schema: Arc<SourceFile>,
    lines: LineIndex,
}

impl Report {
    /// Whether there is nothing to fix.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.exceptions.is_empty()
    }

    /// The location of a violation in schema.sql.
    pub fn span(&self, violation: &Violation) -> Span {
        self.lines.locate(&violation.finding.place)
    }

    /// The line and column of [`Report::span`].
    pub fn position(&self, violation: &Violation) -> Position {
        self.span(violation).position()
    }

    /// Everything, for people: sorted by place.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let violations = self.violations.iter();
        let mut diagnostics: Vec<Diagnostic> = violations
            .map(|violation| text::describe_violation(violation, self.span(violation)))
            .collect();
        diagnostics.extend(self.exceptions.iter().cloned());
        sort(&mut diagnostics);
        diagnostics
    }
}

/// Checks every rule of the sets that `xact.toml` asks for, unless it switches the rule off.
pub fn lint(project: &Project, schema: &Schema) -> Report {
    let context = Context::new(schema, &project.annotations, &project.config.scopes);
    let configuration = &project.config.lint;
    let on: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| configuration::is_on(configuration, rule))
        .collect();
    let checked = on.len();
    let found = on.into_iter().flat_map(|rule| {
        let findings = (rule.check)(&context).into_iter();
        findings.map(move |finding| Violation { rule, finding })
    });
    let found: Vec<Violation> = found.collect();
    let all = found.len();
    let (violations, exceptions) = exceptions::apply_exceptions(project, schema, found);
    let text = dump(schema);
    let path = project.paths().schema.clone();
    let file = Arc::new(SourceFile::new(path, text));
    Report {
        lines: LineIndex::of(&file),
        checked,
        excepted: all - violations.len(),
        violations,
        exceptions,
        schema: file,
    }
}
