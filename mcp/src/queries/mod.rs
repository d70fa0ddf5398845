//! The tools of a scope: one for each query that it may run.
//!
//! ```text
//! known       a checked project → the queries, as data that lives as long as the process
//! statics     the data of the runtime                    inputs     the arguments of a tool
//! described   names, descriptions and schemas            arguments  JSON → the arguments of a call
//! run         one call in a transaction of the scope     rows       rows → JSON
//! sql         the tool that takes SQL, if it is asked for
//! ```

mod known;
mod statics;

mod descriptions;
mod described;
mod inputs;

mod arguments;
mod bulk;
mod postgres_text;
mod rows;
mod run;

mod sql;

pub(crate) use described::describe_tool;
pub(crate) use known::{Access, KnownQuery, know_queries, writes_table};
pub(crate) use run::QueryRunner;
pub(crate) use sql::{SQL_TOOL, SqlTool, describe_stop, read_sql};
