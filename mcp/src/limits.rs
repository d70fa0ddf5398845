//! The limits of one call.

use std::time::Duration;

/// The limits of one call: a model reads all of a result, and cannot stop a statement.
///
/// ```
/// let limits = xact_mcp::Limits { rows: 20, ..xact_mcp::Limits::default() };
/// assert!(limits.bytes > 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most rows of a result.
    pub rows: u32,
    /// The most bytes of a result's values, as Postgres sends them.
    pub bytes: usize,
    /// The longest that a statement may run.
    pub timeout: Duration,
}

/// 100 rows, 64 KiB, ten seconds: about 20,000 tokens of a model's context at most.
impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 100,
            bytes: 64 << 10,
            timeout: Duration::from_secs(10),
        }
    }
}
