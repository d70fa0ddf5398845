//! What `xact.toml` says of the rules: which are off, and what is an exception. Every one has its reason.
//!
//! ```toml
//! [lint.storytime]
//! off = "nobody looks into single rows here"
//!
//! [lint.foreign-key-index.except]
//! "import_jobs.status" = "the table never holds more than a few rows"
//! ```

use super::rules::{RULES, named};
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::{SourceFile, Span};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// The table `lint` of `xact.toml`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Configuration {
    /// By the id of the rule.
    pub rules: BTreeMap<Spanned<String>, Settings>,
}

/// What is said of one rule.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Why the rule does not hold in this project at all.
    pub off: Option<Spanned<String>>,
    /// Why it does not hold for an object: `table`, `table.column`, or with `*` for any part of a name.
    #[serde(default)]
    pub except: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl Configuration {
    /// Whether the rule is checked.
    pub fn is_on(&self, rule: &str) -> bool {
        self.rules
            .get(rule)
            .is_none_or(|settings| settings.off.is_none())
    }
}

/// Every rule must exist, and every reason say something.
pub(crate) fn validate(
    file: &Arc<SourceFile>,
    configuration: &Configuration,
) -> Result<(), Diagnostic> {
    let at = |range, message| {
        let file = file.clone();
        Diagnostic::error("invalid-lint", Span { file, range }, message)
    };
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
