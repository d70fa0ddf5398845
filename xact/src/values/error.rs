//! The reason why a value cannot be read, in words that never hold the value itself, so that they may be logged.

use std::borrow::Cow;

/// A value that its Rust type cannot hold, or bytes that are not of its Postgres type.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unreadable(Cow<'static, str>);

impl Unreadable {
    /// `problem` never holds the value.
    pub(crate) fn new(problem: impl Into<Cow<'static, str>>) -> Self {
        Self(problem.into())
    }

    pub(crate) fn null() -> Self {
        Self::new("a value in it is NULL, but its Rust type is not an `Option`")
    }

    pub(super) fn malformed(postgres_type: &str) -> Self {
        Self::new(format!("its bytes are not those of a `{postgres_type}`"))
    }
}
