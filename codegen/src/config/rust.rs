//! `[rust]` in `xact.toml`: the crates of some types, derives and attributes of generated types, and the form of their dates in JSON.
//!
//! ```toml
//! [rust]
//! date-time = "chrono"
//! numeric = "bigdecimal"
//! json-times = "sentinel"
//! constraint-enums = true
//!
//! [rust.rows]
//! derive = ["serde::Serialize"]
//! attributes = ['serde(rename_all = "camelCase")']
//! ```

use serde::Deserialize;
use toml::Spanned;

/// The table `[rust]`: which Rust types generated code has, and their derives.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RustConfiguration {
    /// The crate of dates and times.
    #[serde(default)]
    pub date_time: DateTimeCrate,
    /// The crate of `numeric`.
    #[serde(default)]
    pub numeric: NumericCrate,
    /// How serde writes dates and timestamps.
    #[serde(default)]
    pub json_times: JsonTimes,
    /// Whether each writing query has an enum of the constraints that it can violate.
    #[serde(default)]
    pub constraint_enums: bool,
    /// Of the structs of rows.
    #[serde(default)]
    pub rows: Extras,
    /// Of the types of ids.
    #[serde(default)]
    pub ids: Extras,
    /// Of enums.
    #[serde(default)]
    pub enums: Extras,
    /// Of the structs of composite types.
    #[serde(default)]
    pub composites: Extras,
    /// Of the structs of parameters.
    #[serde(default)]
    pub params: Extras,
}

/// Derives and attributes of generated types, beside those that they have anyway.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Extras {
    /// The paths of derive macros: `serde::Serialize`.
    #[serde(default)]
    pub derive: Vec<Spanned<String>>,
    /// Attributes without `#[…]`: `serde(rename_all = "camelCase")`.
    #[serde(default)]
    pub attributes: Vec<Spanned<String>>,
}

/// A crate with types of dates and times; sqlx's `sqlx.toml` has the same choice under the same name.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum DateTimeCrate {
    /// `time`.
    #[default]
    Time,
    /// `chrono`.
    Chrono,
    /// `jiff`.
    Jiff,
}

/// A crate with a type of decimal numbers.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub enum NumericCrate {
    /// `rust_decimal`.
    #[default]
    #[serde(rename = "rust_decimal")]
    RustDecimal,
    /// `bigdecimal`.
    #[serde(rename = "bigdecimal")]
    BigDecimal,
}

/// The text of dates and timestamps in JSON.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum JsonTimes {
    /// RFC 3339: `"2025-01-06T09:00:00Z"`.
    #[default]
    Rfc3339,
    /// Objects that name their type, as in [`xact::json`](https://docs.rs/xact/latest/xact/json/).
    Sentinel,
}
