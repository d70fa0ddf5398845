//! The rules of `xact lint` in `xact.toml`: optional sets, rules that are off, and the exceptions of each. Both of the latter have a
//! reason.
//!
//! ```toml
//! [lint]
//! sets = ["house"]
//!
//! [lint.text]
//! off = "the limits are those of the law"
//!
//! [lint.foreign-key-index.except]
//! "import_jobs.status" = "the table never holds more than a few rows"
//! ```

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt::{Formatter, Result as Written};
use toml::Spanned;

/// The table `lint` of `xact.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LintConfiguration {
    /// The sets of rules that are checked beside the general ones.
    pub sets: Vec<Spanned<String>>,
    /// By the id of the rule.
    pub rules: BTreeMap<Spanned<String>, RuleSettings>,
}

/// Surprise: `#[serde(flatten)]` loses the positions of keys, so the table is read key by key.
impl<'de> Deserialize<'de> for LintConfiguration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LintTable)
    }
}

struct LintTable;

impl<'de> Visitor<'de> for LintTable {
    type Value = LintConfiguration;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("a table of lint rules")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Self::Value, A::Error> {
        let mut configuration = LintConfiguration::default();
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
    /// Whether the project asks for this optional set of rules.
    pub fn asks_for(&self, set: &str) -> bool {
        self.sets.iter().any(|name| name.get_ref() == set)
    }

    /// Whether this rule is off in the project.
    pub fn is_off(&self, rule: &str) -> bool {
        let settings = self.rules.get(rule);
        settings.is_some_and(|settings| settings.off.is_some())
    }
}
