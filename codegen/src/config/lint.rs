//! The rules of `xact lint` in `xact.toml`: which are off, and the exceptions of each. Every one has its reason.
//!
//! ```toml
//! [lint.text]
//! off = "the limits are those of the law"
//!
//! [lint.foreign-key-index.except]
//! "import_jobs.status" = "the table never holds more than a few rows"
//! ```

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The table `lint` of `xact.toml`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct LintConfiguration {
    /// By the id of the rule.
    pub rules: BTreeMap<Spanned<String>, RuleSettings>,
}

/// The configuration of one rule.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// Why the rule does not hold in this project at all.
    pub off: Option<Spanned<String>>,
    /// Why it does not hold for an object: `table`, `table.column`, or with `*` for any part of a name.
    #[serde(default)]
    pub except: BTreeMap<Spanned<String>, Spanned<String>>,
}

impl LintConfiguration {
    /// Whether the rule is checked.
    pub fn is_on(&self, rule: &str) -> bool {
        self.rules
            .get(rule)
            .is_none_or(|settings| settings.off.is_none())
    }
}
