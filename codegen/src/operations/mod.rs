//! Operations on a running database: waiting until it answers, and its statistics.

mod stats;
mod wait;

pub use stats::{Connections, IndexStats, SlowQuery, Stats, TableStats, stats};
pub use wait::{Access, Ready, wait};
