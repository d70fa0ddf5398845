//! Generating again after every change: what is kept for the next run, and when it is due.

mod changes;
mod warm;

pub use changes::Changes;
pub use warm::Warm;
