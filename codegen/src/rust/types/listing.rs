//! The table of types for the documentation: each type of Postgres, its Rust type, and the feature of `xact` that it needs.

use super::crates::CrateChoice;
use super::scalars::list_scalars;
use crate::config::{DateTimeCrate, NumericCrate, RustConfiguration};
use crate::rust::features::find_feature;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeLine {
    /// The name in Postgres.
    pub postgres: &'static str,
    /// The Rust type, as generated code writes it.
    pub rust: String,
    /// The feature of `xact`; none if it needs none.
    pub feature: Option<&'static str>,
}

/// The scalar types, with the Rust types that this configuration chooses.
pub fn list_types(date_time: DateTimeCrate, numeric: NumericCrate) -> Vec<TypeLine> {
    let crates = CrateChoice::of(&RustConfiguration {
        date_time,
        numeric,
        ..RustConfiguration::default()
    });
    let lines = list_scalars().map(|(postgres, rust_type)| {
        let rust = crates.choose(rust_type).as_field();
        let feature = find_feature(&rust);
        TypeLine {
            postgres,
            rust,
            feature,
        }
    });
    lines.collect()
}
