//! Reads migrations and SQL queries, has Postgres analyse them, and writes typed Rust.
//!
//! Migrations make a database; the database explains the schema; the schema explains the
//! queries; the queries become Rust. [`generate`] is that sentence as code.

pub mod sql;

pub mod report;

mod catalog_query;
pub mod git;
mod singular;

pub mod schema;

pub mod config;
pub mod project;

pub mod database;
pub mod migrate;

pub mod query;

pub mod lint;

pub mod output;
pub mod rust;

mod pipeline;

pub mod workspace;

pub mod explanation;
pub mod freshness;
pub mod init;
pub mod local;
pub mod operations;
pub mod prove;
pub mod watch;

pub use explanation::explain;
pub use pipeline::{Generated, generate, read_schema};
pub use report::{Failure, Stop};
