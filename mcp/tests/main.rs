//! The promises of the server, each against a real client and a real database.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod world;

mod develop;
mod injections;
mod limits;
mod protocol;
mod same_statements;
mod sql;
mod start;
mod tools;
mod values;
