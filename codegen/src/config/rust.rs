//! `[rust]` in `xact.toml`: the crates whose types hold values, and derives of generated types.
//!
//! ```toml
//! [rust]
//! time = "chrono"
//! decimal = "bigdecimal"
//! json-times = "sentinel"
//!
//! [rust.rows]
//! derive = ["serde::Serialize"]
//! attributes = ['serde(rename_all = "camelCase")']
//! ```

use serde::Deserialize;
use toml::Spanned;

/// The table `[rust]`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RustConfiguration {
    /// The crate of dates and times.
    #[serde(default)]
    pub time: TimeCrate,
    /// The crate of `numeric`.
    #[serde(default)]
    pub decimal: DecimalCrate,
    /// How serde writes dates and timestamps of the crate `time`.
    #[serde(default)]
    pub json_times: JsonTimes,
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

/// A crate of dates and times.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum TimeCrate {
    /// `time`, which needs no feature of the runtime.
    #[default]
    Time,
    /// `chrono`.
    Chrono,
}

/// A crate of exact numbers.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DecimalCrate {
    /// `rust_decimal`, whose numbers have 28 digits.
    #[default]
    RustDecimal,
    /// `bigdecimal`, whose numbers have any.
    Bigdecimal,
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
