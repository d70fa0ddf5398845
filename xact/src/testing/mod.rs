//! Throwaway Postgres servers and migrations, for tests and for the `xact` tool.
//!
//! [`TestDatabase`] is what tests use: a migrated database within milliseconds. [`Server`] finds or
//! makes a Postgres for one process alone and brings it to the state that the migrations describe.
//! Nothing of either is needed in production, which is why both stand behind the feature `testing`.

mod cache;
mod migrations;
mod server;

mod database;

pub use cache::cache_folder;
pub use database::{TestDatabase, TestDatabaseError};
pub use migrations::{MigrateError, Migrated, roles};
pub use server::{LocalCluster, LocalState, Server, ServerChoice, ServerError, reason};
