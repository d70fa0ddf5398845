//! Rows of SQL built at run time, which sqlx reads: values for which it panics, or which it misreads, are refused before.
//!
//! Which Rust type a column is going to be read as is not known here, so a value is refused if the type that generated code
//! has for it cannot hold it.

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgRow, PgTypeInfo, PgTypeKind, PgValueFormat};
use sqlx::{Column as _, Row as _, ValueRef as _};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

use crate::error::Column;
use crate::types::PgTimeTz;
use crate::values::{FromSql, Range, SqlValue, oid_of};

/// Checks one value.
type Check = fn(SqlValue<'_, '_>) -> Result<(), BoxDynError>;

/// The first column that sqlx could not read unchanged.
pub(super) fn find_unreadable(row: &PgRow) -> Option<(Column, BoxDynError)> {
    row.columns()
        .iter()
        .enumerate()
        .find_map(|(index, column)| {
            let check = check_of(column.type_info(), 0)?;
            let value = row.try_get_raw(index).ok()?;
            if value.is_null() || value.format() == PgValueFormat::Text {
                return None;
            }
            let value = SqlValue::of_column(&value, column.type_info()).ok()?;
            let name = Some(column.name().to_owned());
            let source = check(value).err()?;
            Some((Column { index, name }, source))
        })
}

fn check_of(info: &PgTypeInfo, depth: u8) -> Option<Check> {
    match info.kind() {
        // Domains over domains are rare; the bound keeps this from following a cycle in sqlx's cache for ever.
        PgTypeKind::Domain(base) if depth < 8 => check_of(base, depth + 1),
        _ => check_of_oid(oid_of(info)),
    }
}

/// The built-in types, alone, in ranges and in arrays, by their numbers in Postgres's `pg_type.dat`.
fn check_of_oid(oid: u32) -> Option<Check> {
    Some(match oid {
        1082 => check_value::<Date>,
        1083 => check_value::<Time>,
        1114 => check_value::<PrimitiveDateTime>,
        1184 => check_value::<OffsetDateTime>,
        1266 => check_value::<PgTimeTz>,
        1182 => check_value::<Vec<Option<Date>>>,
        1183 => check_value::<Vec<Option<Time>>>,
        1115 => check_value::<Vec<Option<PrimitiveDateTime>>>,
        1185 => check_value::<Vec<Option<OffsetDateTime>>>,
        1270 => check_value::<Vec<Option<PgTimeTz>>>,
        3908 => check_value::<Range<PrimitiveDateTime>>,
        3910 => check_value::<Range<OffsetDateTime>>,
        3912 => check_value::<Range<Date>>,
        3909 => check_value::<Vec<Option<Range<PrimitiveDateTime>>>>,
        3911 => check_value::<Vec<Option<Range<OffsetDateTime>>>>,
        3913 => check_value::<Vec<Option<Range<Date>>>>,
        #[cfg(feature = "decimal")]
        1700 => check_value::<rust_decimal::Decimal>,
        #[cfg(feature = "decimal")]
        1231 => check_value::<Vec<Option<rust_decimal::Decimal>>>,
        _ => return None,
    })
}

fn check_value<T: for<'r> FromSql<'r>>(value: SqlValue<'_, '_>) -> Result<(), BoxDynError> {
    T::from_sql(value).map(drop)
}
