//! What generated types are made of: ids, enums and composites of a project are plain Rust types with one macro call each, and
//! the macros are here.
//!
//! A macro and not a generic type, so that the types belong to the project, which may implement any trait for them; and not
//! generated text, so that a change of the runtime needs no new generation.

mod composite;
mod id;
mod labels;
mod sea_query;

mod tid;

mod invalid_id;
mod unknown_label;

pub use id::Id;
pub use invalid_id::InvalidId;
pub use tid::PgTid;
pub use unknown_label::UnknownLabel;
