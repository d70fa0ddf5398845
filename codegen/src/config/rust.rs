//! `[rust]` in `xact.toml`: derives and attributes of generated types, and the form of their dates in JSON.
//!
//! ```toml
//! [rust]
//! json-times = "sentinel"
//! constraint-enums = true
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
