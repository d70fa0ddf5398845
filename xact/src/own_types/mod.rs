//! The macros of generated types: ids, enums and composites of a project are plain Rust types with one macro call each. Given: a
//! struct, or the labels of an enum. Gives: everything that makes it a value of Postgres, of serde and of sea-query.

mod composite;
mod id;
mod labels;
mod order;
mod sea_query;

mod tid;
pub(crate) mod ts_vector;

mod invalid_id;
mod unknown_label;

pub use id::Id;
pub use invalid_id::InvalidId;
pub use order::UnknownOrder;
pub use tid::PgTid;
pub use ts_vector::{Lexeme, LexemePosition, TsVector};
pub use unknown_label::UnknownLabel;
