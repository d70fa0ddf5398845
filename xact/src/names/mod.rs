//! The names of tables and columns as types, for SQL that is built at run time: one that is renamed stops compiling.
//!
//! A generated module has an enum for each table and view, with its columns. This module only writes names, and knows no database.

mod columns;
mod quoted;

#[cfg(feature = "sea-query")]
mod sea_query;

pub use self::columns::{Columns, Qualified, write_column};
pub use self::quoted::Table;
