//! What was found of a column or an expression, and why.

/// Whether something can be NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) nullable: bool,
    /// In words for people.
    pub(crate) evidence: String,
}

impl Verdict {
    /// Proved: it is never NULL.
    pub(crate) fn never(evidence: impl Into<String>) -> Self {
        Self {
            nullable: false,
            evidence: evidence.into(),
        }
    }

    /// Not proved.
    pub(crate) fn maybe(evidence: impl Into<String>) -> Self {
        Self {
            nullable: true,
            evidence: evidence.into(),
        }
    }
}
