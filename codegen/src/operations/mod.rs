//! Looking after a database that is there: waiting until it answers, and what it says of itself.

mod stats;
mod wait;

pub use stats::{Connections, IndexStats, SlowQuery, Stats, TableStats, stats};
pub use wait::{Access, Ready, wait};
