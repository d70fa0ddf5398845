//! Generates after every change: the state kept for the next run, and the moment when it is due.

mod changes;
mod warm;

pub use changes::ProjectChanges;
pub use warm::Warm;
