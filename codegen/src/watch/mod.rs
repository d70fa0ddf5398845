//! The moment at which an open project is due again: once one of its files changed.

mod changes;

pub use changes::ProjectChanges;
