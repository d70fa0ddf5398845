//! The tools of a scope: one for each query that it may run.
//!
//! ```text
//! known      a checked project → the queries, as data that lives as long as the process
//! statics    the data of the runtime                     inputs         the arguments of a tool
//! described  names, descriptions and schemas             arguments      JSON → texts and choices
//! encode     texts → the arguments of a call             bulk           the same of a slice
//! run        one call in a transaction of the scope      postgres_text  types that only Postgres reads and prints
//! rows       rows → JSON                                 answers        the answer with its notes
//! sql        the tool that takes SQL, if it is asked for
//! ```

mod known;
mod statics;

mod described;
mod descriptions;
mod inputs;

mod arguments;
mod postgres_text;

mod bulk;
mod encode;

mod answers;
mod rows;
mod run;

mod sql;

pub(crate) use described::describe_tool;
pub(crate) use known::{Access, KnownQuery, know_queries, writes_table};
pub(crate) use run::QueryRunner;
pub(crate) use sql::{SQL_TOOL, SqlTool, describe_stop, read_sql};
