//! The contract between generated modules and this crate. An application names nothing of it.
//!
//! `xact codegen` writes calls of these macros and types of these names; a module is generated again if this contract changes,
//! which the compiler shows. Nothing else of the crate is for generated code alone.
//!
//! ```text
//! fresh!  database!  scope!  bound!              files, the `Database`, scopes, and queries that not every scope may run
//! Query  Arguments  CopyData  CopyRow  Runner    one query as data, its parameters, and its calls
//! page_query!  PageQuery  KeyColumn              a `:page` query as data; ShapedPages, PageOrder: one with parts or orders
//! ShapedQuery  Piece  Choice                     a query whose parts can be left out, and its variants
//! row!  record!  Row  read_column!  FromSql      rows, and rows inside of values
//! row_columns!  RowColumns  ResultColumns        the columns of a struct that several queries give
//! borrowed_row!  BorrowedRow                     rows that borrow from the message that they arrived in
//! ForSqlx  argument!                             values of types without sqlx's traits
//! id_type!  enum_type!  composite_type!  debug!  types of the project
//! order_type!                                    the orders of a query
//! columns!  constraints!                         names of the project
//! ```
//!
//! They are macros and not generated text where every module would have the same text, so that a change of the runtime needs no
//! new generation; and not generic types, because the types belong to the project, which may implement any trait for them.

mod bound;
mod database;
mod debug;
mod fresh;
mod page;
mod record;
mod row;
mod scope;

#[doc(hidden)]
pub use crate::{
    __xact_argument as argument, __xact_borrowed_row as borrowed_row, __xact_bound as bound,
    __xact_columns as columns, __xact_composite_type as composite_type,
    __xact_constraints as constraints, __xact_database as database, __xact_debug as debug,
    __xact_enum_type as enum_type, __xact_fresh as fresh, __xact_id_type as id_type,
    __xact_json_schema as json_schema, __xact_openapi_schema as openapi_schema,
    __xact_order_type as order_type, __xact_page_query as page_query,
    __xact_read_column as read_column, __xact_record as record, __xact_row as row,
    __xact_row_columns as row_columns, __xact_schema as schema, __xact_scope as scope,
    __xact_sea_query_columns as sea_query_columns, __xact_sea_query_value as sea_query_value,
    __xact_travels_as as travels_as, __xact_travels_under as travels_under,
};

pub use self::record::RECORD;
pub use crate::arguments::Arguments;
pub use crate::content_hash::content_hash;
pub use crate::copy::{CopyData, CopyRow};
pub use crate::error::{Constraint, ConstraintNames};
/// The sentinels under names that utoipa's derive takes for those of no other crate: it reads `Date` and `Timestamp` as text.
pub use crate::json::{
    Date as SentinelDate, LocalTimestamp as SentinelLocalTimestamp, Timestamp as SentinelTimestamp,
};
pub use crate::names::write_column;
pub use crate::page::{KeyColumn, PageOrder, PageQuery, ShapedPages};
pub use crate::query::{Query, ResultColumns, RowColumns};
pub use crate::read_column::{
    ReadByDecode, ReadByFromSql, ReadFieldByDecode, ReadFieldByFromSql, Tag,
};
pub use crate::row::{BorrowedRow, Row};
pub use crate::runner::Runner;
#[cfg(feature = "schemars")]
pub use crate::schema::json_schema::{self, write_json_schema};
#[cfg(feature = "utoipa")]
pub use crate::schema::openapi::write_openapi_schema;
#[cfg(any(feature = "schemars", feature = "utoipa"))]
pub use crate::schema::{describe_id, describe_labels, describe_open_labels};
/// The tool reads URLs as the runtime does.
pub use crate::settings::read_connection;
pub use crate::shaped::{Choice, Piece, ShapedQuery};
pub use crate::values::{
    Argument, ForSqlx, FromSql, RecordReader, SendByEncode, SendByToSql, SqlValue, decode,
};
pub use crate::verify::Migration;
pub use serde;
