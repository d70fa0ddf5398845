//! Schemas of values in JSON: one description of each, from which the traits of utoipa and of schemars are implemented.
//!
//! Each describes the JSON that serde writes for a value. Rows, composites and parameter structs derive the traits; ids, enums and
//! orders get them from their macros, because a derive would describe the struct or the variants instead of the value in JSON.

mod description;

#[cfg(feature = "schemars")]
pub mod json_schema;
#[cfg(feature = "utoipa")]
pub(crate) mod openapi;

use description::ValueDescription;
pub use description::{describe_id, describe_labels, describe_open_labels};
