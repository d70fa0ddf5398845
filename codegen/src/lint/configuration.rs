//! Which rules a project checks. Those that `xact.toml` names must exist, as must its sets, and each reason must say something.

use super::rule::{Rule, Set};
use super::rules::{RULES, named};
use crate::config::{FILE, LintConfiguration};
use crate::project::Project;
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::{SourceFile, Span};
use std::sync::Arc;

/// Whether a project checks the rule.
pub(super) fn is_on(configuration: &LintConfiguration, rule: &Rule) -> bool {
    let in_set = rule.set == Set::General || configuration.asks_for(rule.set.name());
    in_set && !configuration.is_off(rule.id)
}

/// Every set and every rule must exist, and every reason say something. One error is enough: the rest often follows from it.
pub(crate) fn check_configuration(project: &Project) -> Option<Diagnostic> {
    let file = project.settings.iter().find(|file| file.path == FILE)?;
    validate_configuration(file, &project.config.lint).err()
}

fn validate_configuration(
    file: &Arc<SourceFile>,
    configuration: &LintConfiguration,
) -> Result<(), Diagnostic> {
    let at = |range, message| {
        let file = file.clone();
        Diagnostic::error("invalid-lint", Span { file, range }, message)
    };
    for set in &configuration.sets {
        let mut sets = Set::OPTIONAL.iter().map(|set| set.name());
        if !sets.any(|name| name == set.get_ref()) {
            let message = format!("there is no optional set of rules `{}`", set.get_ref());
            let help = "write `sets = [\"house\"]`; the general rules are always checked";
            return Err(at(set.span(), message).help(help));
        }
    }
    for (rule, settings) in &configuration.rules {
        if named(rule.get_ref()).is_none() {
            let message = format!("there is no rule `{}`", rule.get_ref());
            let nearest = nearest(rule.get_ref(), RULES.iter().map(|rule| rule.id));
            let help = nearest.map_or_else(
                || "`xact lint --rules` lists them".to_owned(),
                |nearest| format!("perhaps you meant `{nearest}`"),
            );
            return Err(at(rule.span(), message).help(help));
        }
        let mut reasons = settings.off.iter().chain(settings.except.values());
        if let Some(empty) = reasons.find(|reason| reason.get_ref().trim().is_empty()) {
            return Err(at(empty.span(), "a reason is needed here".to_owned()));
        }
    }
    Ok(())
}
