//! The crates that `xact.toml` chooses for dates, times and exact numbers.

use super::RustType;
use crate::config::{DateTimeCrate, NumericCrate, RustConfiguration};

/// The crates that a project has chosen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CrateChoice {
    date_time: DateTimeCrate,
    numeric: NumericCrate,
}

impl CrateChoice {
    pub(super) fn of(config: &RustConfiguration) -> Self {
        Self {
            date_time: config.date_time,
            numeric: config.numeric,
        }
    }

    /// The type of the chosen crate in place of the one in the table of scalars.
    pub(super) fn choose(self, rust_type: RustType) -> RustType {
        let path = match &rust_type {
            RustType::Copied(path) => *path,
            _ => return rust_type,
        };
        let chosen = match (path, self.date_time, self.numeric) {
            ("xact::types::OffsetDateTime", DateTimeCrate::Chrono, _) => {
                "xact::types::chrono::DateTime<xact::types::chrono::Utc>"
            }
            ("xact::types::PrimitiveDateTime", DateTimeCrate::Chrono, _) => {
                "xact::types::chrono::NaiveDateTime"
            }
            ("xact::types::Date", DateTimeCrate::Chrono, _) => "xact::types::chrono::NaiveDate",
            ("xact::types::Time", DateTimeCrate::Chrono, _) => "xact::types::chrono::NaiveTime",
            ("xact::types::OffsetDateTime", DateTimeCrate::Jiff, _) => {
                "xact::types::jiff::Timestamp"
            }
            ("xact::types::PrimitiveDateTime", DateTimeCrate::Jiff, _) => {
                "xact::types::jiff::civil::DateTime"
            }
            ("xact::types::Date", DateTimeCrate::Jiff, _) => "xact::types::jiff::civil::Date",
            ("xact::types::Time", DateTimeCrate::Jiff, _) => "xact::types::jiff::civil::Time",
            // It has digits on the heap, so it is passed by reference.
            ("xact::types::Decimal", _, NumericCrate::BigDecimal) => {
                return RustType::Owned("xact::types::BigDecimal");
            }
            _ => return rust_type,
        };
        RustType::Copied(chosen)
    }
}
