//! Promises of the runtime, one file each, against a real server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod orm;
mod server;
mod slow_server;

mod begin;
mod cancellation;
mod dead_connections;
mod quoting;
mod stress;
mod transactions;

mod arguments;
mod calls;
mod raw_connection;
mod rows;
mod streams;

mod content_hash;
mod errors;
mod ids;
mod json;
mod secrets;
mod traces;

mod test_databases;
mod throwaway_server;
