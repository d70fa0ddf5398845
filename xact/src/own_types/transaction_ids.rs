//! `xid`, `xid8` and `cid`: the numbers of transactions and of commands in them.

use std::fmt;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use crate::values::{FromSql, SqlValue};

macro_rules! number_type {
    ($(#[$documentation:meta])* $name:ident($number:ty), $oid:literal, $array:literal) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(pub $number);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromSql<'_> for $name {
            const OIDS: &'static [u32] = &[$oid];

            fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
                value.fixed_bytes().map(|bytes| Self(<$number>::from_be_bytes(bytes)))
            }
        }

        built_in_type!($name, $oid, $array, |value, buffer| buffer.extend(value.0.to_be_bytes()));
    };
}

number_type! {
    /// The number of a transaction, as `xmin` gives it. Numbers are used again after four billion transactions, so they have no order;
    /// [`PgXid8`] has one.
    ///
    /// ```
    /// assert_eq!(xact::types::PgXid(745).to_string(), "745");
    /// ```
    PgXid(u32), 28, 1011
}

number_type! {
    /// The number of a command in its transaction, as `cmin` gives it.
    ///
    /// ```
    /// assert_eq!(xact::types::PgCid(0).to_string(), "0");
    /// ```
    PgCid(u32), 29, 1012
}

number_type! {
    /// The number of a transaction that is never used again, as `pg_current_xact_id()` gives it.
    ///
    /// ```
    /// use xact::types::PgXid8;
    ///
    /// assert!(PgXid8(745) < PgXid8(u64::MAX));
    /// ```
    #[derive(PartialOrd, Ord)]
    PgXid8(u64), 5069, 271
}
