//! The macros of generated types: ids, enums and composites of a project are plain Rust types with one macro call each. Given: a
//! struct, or the labels of an enum. Gives: everything that makes it a value of Postgres, of serde, of sea-query and of schemas.

mod composite;
mod id;
mod labels;
mod order;
mod schema;
mod sea_query;

mod built_in;
mod json_path;
mod log_position;
mod mac_address8;
mod read_ts_vector;
mod snapshot;
mod tid;
mod transaction_ids;
mod ts_query;
mod ts_vector;

mod invalid_id;
mod unknown_label;

pub use id::Id;
pub use invalid_id::InvalidId;
pub use json_path::PgJsonPath;
pub use log_position::{InvalidLsn, PgLsn};
pub use mac_address8::PgMacAddress8;
pub use order::UnknownOrder;
pub use snapshot::PgSnapshot;
pub use tid::PgTid;
pub use transaction_ids::{PgCid, PgXid, PgXid8};
pub use ts_query::{TsQuery, TsQueryItem};
pub use ts_vector::{Lexeme, LexemePosition, TsVector};
pub use unknown_label::UnknownLabel;
