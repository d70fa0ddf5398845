//! The verdict on a column or an expression, and the evidence for it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether something can be NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NullVerdict {
    pub(crate) nullable: bool,
    pub(crate) evidence: Evidence,
}

impl NullVerdict {
    /// Proved: it is never NULL.
    pub(crate) fn never(evidence: impl Into<Evidence>) -> Self {
        Self {
            nullable: false,
            evidence: evidence.into(),
        }
    }

    /// Not proved.
    pub(crate) fn maybe(evidence: impl Into<Evidence>) -> Self {
        Self {
            nullable: true,
            evidence: evidence.into(),
        }
    }
}

/// Why a column can be NULL or not: a statement about it, the reason for that statement, and so on to a fact of the
/// schema, of the query, or of Postgres. As text, the steps follow each other after colons.
///
/// ```
/// use xact_codegen::query::analysis::Evidence;
///
/// let fact = Evidence::from("`notes.title` may be NULL");
/// let evidence = fact.explain("`lower` gives NULL for NULL");
/// assert_eq!(evidence.to_string(), "`lower` gives NULL for NULL: `notes.title` may be NULL");
/// assert_eq!(evidence.steps().count(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The fact first, because each step is added in front.
    reversed: Vec<String>,
}

impl Evidence {
    /// The evidence for `step`, of which this is the reason.
    #[must_use]
    pub fn explain(mut self, step: impl Into<String>) -> Self {
        self.reversed.push(step.into());
        self
    }

    /// From the statement about the column to the fact.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.reversed.iter().rev().map(String::as_str)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps().enumerate() {
            let colon = if index == 0 { "" } else { ": " };
            write!(f, "{colon}{step}")?;
        }
        Ok(())
    }
}

impl From<String> for Evidence {
    fn from(fact: String) -> Self {
        Self {
            reversed: vec![fact],
        }
    }
}

impl From<&str> for Evidence {
    fn from(fact: &str) -> Self {
        Self::from(fact.to_owned())
    }
}
