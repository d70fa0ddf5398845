//! The local database: one for each branch of a project, on a Postgres that all its checkouts share.
//!
//! ```text
//! folder → Place            place: the family of checkouts, the branch, the database's name
//! Place → LocalServer       server: the private cluster of the family, or a given server
//! migrations → template     template: migrated once, then copied in a moment
//! template → database       branch: created when a branch is first used, migrated when it changes
//! database → nothing        prune: dropped after its branch was deleted, on request
//! ```

mod branch;
mod place;
mod prune;
mod server;
mod template;

pub use branch::{Brought, bring_up, wipe};
pub use place::Checkout;
pub use prune::{Leftover, drop_leftover, find_leftovers};
pub use server::{DatabaseSize, LocalServer};
