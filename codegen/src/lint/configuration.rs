//! The rules that `xact.toml` asks for: optional sets, rules that are off, and exceptions. Each of the latter has its reason.
//!
//! ```toml
//! [lint]
//! sets = ["house"]
//!
//! [lint.storytime]
//! off = "rows are never edited by hand here"
//!
//! [lint.foreign-key-index.except]
//! "import_jobs.status" = "the table never holds more than a few rows"
//! ```

use super::rule::{Rule, Set};
use super::rules::{RULES, named};
use crate::report::diagnostic::{Diagnostic, nearest};
use crate::report::source::{SourceFile, Span};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::{Formatter, Result as Written};
use std::sync::Arc;
use toml::Spanned;

/// The table `lint` of `xact.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The sets of rules that are checked beside the general ones.
    pub sets: Vec<Spanned<String>>,
    /// By the id of the rule.
    pub rules: BTreeMap<Spanned<String>, Settings>,
}

/// Surprise: `#[serde(flatten)]` loses the positions of keys, so the table is read key by key.
impl<'de> Deserialize<'de> for Configuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Table)
    }
}

struct Table;

impl<'de> Visitor<'de> for Table {
    type Value = Configuration;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("a table of lint rules")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Self::Value, A::Error> {
        let mut configuration = Configuration::default();
        while let Some(key) = table.next_key::<Spanned<String>>()? {
            if key.get_ref() == "sets" {
                configuration.sets = table.next_value()?;
            } else {
                configuration.rules.insert(key, table.next_value()?);
            }
        }
        Ok(configuration)
    }
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
    pub fn is_on(&self, rule: &Rule) -> bool {
        let asked = |set: Set| self.sets.iter().any(|name| name.get_ref() == set.name());
        let is_off = |settings: &Settings| settings.off.is_some();
        (rule.set == Set::General || asked(rule.set)) && !self.rules.get(rule.id).is_some_and(is_off)
    }
}

/// Every set and every rule must exist, and every reason say something.
pub(crate) fn validate(
    file: &Arc<SourceFile>,
    configuration: &Configuration,
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
