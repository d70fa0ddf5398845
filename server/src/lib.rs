//! Postgres servers that tests and tools start themselves, and migrated databases on them.
//!
//! [`TestDatabase`] is for tests: a migrated database within milliseconds. [`Server`] finds or creates a Postgres for one
//! process and brings it to the state that the migrations describe. [`LocalCluster`] is the server of a developer's machine,
//! which stays. No program needs any of them in production.
//!
//! This crate starts processes; it never depends on the runtime `xact`, which re-exports [`TestDatabase`] as
//! `xact_server::TestDatabase`.

mod cache;
mod connect;
mod hash;
mod migrations;

mod server;

mod database;

pub use cache::{cache_folder, create_private_folder, write_whole};
pub use database::{TestDatabase, TestDatabaseError};
pub use migrations::{MigrateError, Migrated, roles};
pub use server::{
    KeptDatabase, LocalCluster, LocalState, ProjectDatabase, Publication, Server, ServerChoice,
    ServerError, StartingServer, reason, show_address,
};
