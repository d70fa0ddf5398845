//! What the tool promises, case by case.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod server;

mod called;
mod cases;
mod compiled;

mod cleanup;
mod command_line;
mod demo;
#[cfg(feature = "embedded")]
mod embedded;
mod explain;
mod freshness;
mod full_disk;
mod guide;
mod init;
mod inputs;
mod lint;
mod local;
mod migrate;
mod names;
mod operations;
mod output;
mod query_names;
mod real_application;
mod scopes;
mod stars;
mod watch;

mod analysis;
mod random;
mod schema;
