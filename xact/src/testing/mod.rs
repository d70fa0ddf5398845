//! Throwaway Postgres servers and migrations, for tests and for the `xact` tool.
//!
//! [`Server`] finds or makes a Postgres and brings it to the state that the
//! migrations describe. Nothing of either is needed in production, which is why
//! both stand behind the feature `testing`.

mod migrations;
mod server;

pub use migrations::{MigrateError, Migrated, roles};
pub use server::{LocalCluster, LocalState, Server, ServerError, reason};
