//! Promises of the runtime, one file each, against a real server.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod counting_server;
mod orm;
mod pgbouncer;
mod server;
mod silent_server;
mod slow_server;
mod tls_server;

mod adopted;
mod begin;
mod cancellation;
mod connection_limit;
mod dead_connections;
mod failures;
mod full_disk;
mod letting_go;
mod lost_commits;
mod poolers;
mod quoting;
mod round_trips;
mod session;
mod shared_pool;
mod silence;
mod standby;
mod stress;
mod transactions;

mod hooks;
mod locks;
mod options;
mod pool;
mod retries;
mod savepoints;
mod sizes;
mod status;

mod arguments;
mod calls;
mod dynamic;
mod names;
mod raw_connection;
mod read_only;
mod rows;
mod streams;

mod content_hash;
mod errors;
mod ids;
mod json;
mod secrets;
mod tls;
mod traces;
mod values;

mod test_databases;
mod throwaway_server;
