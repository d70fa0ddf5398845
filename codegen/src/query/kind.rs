//! The kind of a statement: analysed by Postgres, a utility, or not for a transaction.

use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use serde::{Deserialize, Serialize};

/// How Postgres treats a statement when it is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Names and types are resolved: SELECT, INSERT, UPDATE, DELETE, MERGE, VALUES, TABLE, WITH.
    Analysed,
    /// Kept as it is until it runs; tried in a transaction that is rolled back.
    Utility,
    /// A utility that runs code of its own or moves data: not tried.
    Untried,
    /// Ends or begins transactions, which only the caller may do.
    Transaction,
    /// Talks to the client in its own protocol.
    Copy,
}

/// First words; everything else is a `Utility`.
const KINDS: &[(&[&str], Kind)] = &[
    (
        &[
            "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE", "WITH", "(",
        ],
        Kind::Analysed,
    ),
    (&["CALL", "DO"], Kind::Untried),
    (
        &[
            "BEGIN",
            "START",
            "COMMIT",
            "END",
            "ROLLBACK",
            "ABORT",
            "SAVEPOINT",
            "RELEASE",
        ],
        Kind::Transaction,
    ),
    (&["COPY"], Kind::Copy),
];

impl Kind {
    /// The kind of a statement, from its words in upper case.
    pub(super) fn from_words(mut words: impl Iterator<Item = String>) -> Self {
        let first = words.next().unwrap_or_default();
        KINDS
            .iter()
            .find(|(words, _)| words.contains(&first.as_str()))
            .map_or(Self::Utility, |(_, kind)| *kind)
    }

    /// A diagnostic for kinds that cannot be a query.
    pub(super) fn refuse(self, first_word: &Span) -> Result<(), Diagnostic> {
        let (code, message, help) = match self {
            Self::Analysed | Self::Utility | Self::Untried => return Ok(()),
            Self::Transaction => (
                "transaction-control",
                "a query cannot begin or end transactions",
                "the caller does, with `db.xact_…` or `db.begin_…`",
            ),
            Self::Copy => (
                "copy",
                "COPY moves data in a protocol of its own and cannot be a query",
                "write the INSERT of one row, with `:copy` or `:batch` after its name",
            ),
        };
        Err(Diagnostic::error(code, first_word.clone(), message).help(help))
    }
}
