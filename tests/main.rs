//! Promises of the data layer, one file each, against a real server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod world;

mod limits;
mod membership_check;
mod outsiders;
mod reading;
mod readme;
mod row_level_security;
mod writing;

mod conventions;
mod down_migrations;
mod ids;

mod dynamic_sql;
mod queries;
mod transactions;
mod verify_schema;

mod demo;

mod cancellation;
// The same slow wire that the runtime is tested with.
#[path = "../xact/tests/slow_server.rs"]
mod slow_server;
