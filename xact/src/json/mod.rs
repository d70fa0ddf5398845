//! JSON that keeps dates and timestamps apart from text.
//!
//! JSON has no type for them. Here they are written as objects that name their type, and read back as values of
//! that type, at any depth:
//!
//! ```json
//! {"__sentinel": "timestamp", "value": "2025-01-06T09:00:00.250000+00:00"}
//! {"__sentinel": "date", "value": "2025-01-06"}
//! ```
//!
//! The text of a date is `YYYY-MM-DD`, that of a timestamp `YYYY-MM-DDThh:mm:ss`, with a fraction of one to nine digits behind
//! a point, and `Z`, `+hh:mm` or `+hh:mm:ss` behind that if it has an offset: ISO 8601 with calendar dates, from the year 0000 to
//! 9999. An object with any other text is an object, and stays as it is.
//!
//! - In a type of your own, [`timestamp`] and [`date`] go into a field's `#[serde(with = "…")]`. They take the
//!   value, and `Option`, `Vec` and maps of it. A reference or a slice is written by `serialize_with` and the `serialize_reference` of the module.
//! - [`rfc3339`] and [`text`] go there as well, and write plain text: of dates and times, and of exact numbers and addresses.
//! - [`Timestamp`], [`LocalTimestamp`] and [`Date`] are the values themselves, for every other place.
//! - [`Value`] is any JSON: the type of a JSON column that has no annotation.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xact::types::{Date, OffsetDateTime};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Story {
//!     #[serde(with = "xact::json::timestamp")]
//!     told_at: OffsetDateTime,
//!     #[serde(with = "xact::json::date", default)]
//!     holidays: Option<Vec<Date>>,
//! }
//!
//! # fn main() -> Result<(), serde_json::Error> {
//! let json = r#"{"told_at":{"__sentinel":"timestamp","value":"1970-01-01T00:00:00+00:00"},"holidays":null}"#;
//! let story = Story { told_at: OffsetDateTime::UNIX_EPOCH, holidays: None };
//! assert_eq!(serde_json::to_string(&story)?, json);
//! assert_eq!(serde_json::from_str::<Story>(json)?, story);
//! # Ok(()) }
//! ```
//!
//! `schema_annotations.yaml` can name a type with such fields as the `rust_type` of a JSON column.

mod iso;
mod other_times;
mod sentinel;
mod typed;

mod plain;

mod access;
mod column;
mod deserialize;
mod from;
mod number;
mod parse;
mod value;

pub use self::number::Number;
#[cfg(any(feature = "chrono", feature = "jiff"))]
#[doc(hidden)]
pub use self::other_times::{Converted, Written};
pub use self::sentinel::{Date, LocalTimestamp, Timestamp};
pub use self::typed::{Typed, TypedReference, date, rfc3339, text, timestamp};
pub use self::value::Value;
