//! Reads migrations and SQL queries, asks Postgres what they mean, and writes typed Rust.
//!
//! Migrations make a database; the database explains the schema; the schema explains the
//! queries; the queries become Rust. [`generate`] is that sentence as code.

pub mod sql;

pub mod report;

mod catalog_query;
pub mod git;
mod singular;

pub mod config;
pub mod project;

pub mod schema;

pub mod migrate;

pub mod database;

pub mod query;

pub mod rust;

mod pipeline;

pub mod output;

pub mod explanation;
pub mod freshness;
pub mod init;
pub mod lint;
pub mod local;
pub mod operations;
pub mod watch;

pub use pipeline::{Generated, Understood, explain, generate, read_schema};
pub use report::{Failure, Stop};
