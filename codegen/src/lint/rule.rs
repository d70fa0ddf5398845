//! A rule, and its findings.

use super::context::Context;
use super::place::LinePrefixes;

/// Which projects a rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Every project.
    General,
    /// Projects whose `xact.toml` asks for the set `house`: conventions of one company, such as text ids with a prefix,
    /// `created_at` and organizations.
    House,
}

impl Set {
    /// All sets that `xact.toml` can ask for.
    pub const OPTIONAL: &[Self] = &[Self::House];

    /// As `xact.toml` and the list of rules have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::House => "house",
        }
    }
}

/// One convention.
#[derive(Debug)]
pub struct Rule {
    /// Its name in output and in `xact.toml`; it never changes.
    pub id: &'static str,
    /// Which projects it is for.
    pub set: Set,
    /// The convention, in a line.
    pub promise: &'static str,
    /// Why, in a sentence or two.
    pub why: &'static str,
    /// SQL that breaks it, on top of [`FOUNDATIONS`](super::FOUNDATIONS).
    pub bad: &'static str,
    /// The same made right.
    pub good: &'static str,
    /// Finds its violations.
    pub check: fn(&Context<'_>) -> Vec<Finding>,
}

/// One thing that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The object, as exceptions in `xact.toml` name it: `bookmarks`, `bookmarks.url`.
    pub object: String,
    /// The violation, with the name of the table.
    pub message: String,
    /// Its location in schema.sql.
    pub place: LinePrefixes,
    /// How to fix it.
    pub fix: FindingFix,
}

/// The fix of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingFix {
    /// Statements for the next migration, as they are.
    Sql(String),
    /// Something that only a person can decide.
    Advice(String),
}

impl FindingFix {
    /// The text of either.
    pub fn text(&self) -> &str {
        match self {
            FindingFix::Sql(text) | FindingFix::Advice(text) => text,
        }
    }
}

/// A finding with the rule that it breaks.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The rule.
    pub rule: &'static Rule,
    /// Its violation.
    pub finding: Finding,
}
