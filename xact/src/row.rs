//! One row of a result: given the wire's bytes, gives Rust values by ordinal.
//!
//! Types are checked once per result, against what the query returned at generation, and not again for every value: that is
//! most of the distance between this and `sqlx::query_as`.

use sqlx::postgres::PgRow;
use sqlx::{Column as _, Decode, Postgres, Row as _, TypeInfo as _, ValueRef as _};

use crate::Query;
use crate::error::{Cause, Column, During, Error};

/// One row of a result, read by the position of its columns.
pub struct Row<'r> {
    row: &'r PgRow,
    query: &'static Query,
}

impl<'r> Row<'r> {
    pub(crate) fn new(row: &'r PgRow, query: &'static Query) -> Self {
        Self { row, query }
    }

    /// The value of the column at `index`, counted from 0.
    ///
    /// Whether the column's type is one that `T` can read is not checked here: the first row of each result is compared with
    /// the query's [`columns`](Query::columns).
    ///
    /// ```
    /// struct User {
    ///     name: String,
    ///     age: Option<i32>,
    /// }
    ///
    /// fn read(row: &xact::Row<'_>) -> Result<User, xact::Error> {
    ///     Ok(User { name: row.get(0)?, age: row.get(1)? })
    /// }
    /// # let _ = read;
    /// ```
    ///
    /// # Errors
    /// The value is NULL and `T` is not an `Option`, or `T` cannot be made from its bytes, or there is no such column.
    pub fn get<T: Decode<'r, Postgres>>(&self, index: usize) -> Result<T, Error> {
        let value = self
            .row
            .try_get_raw(index)
            .map_err(|source| Error::sqlx(During::Query(self.query.into()), source))?;
        // Asked before decoding: an array without NULLs of its own may hold one, and then the column is not what is NULL.
        let null = value.is_null();
        T::decode(value).map_err(|source| {
            let column = self.column(index);
            let cause = if null {
                Cause::Null { column }
            } else {
                Cause::Decode { column, source }
            };
            Error::new(During::Query(self.query.into()), cause)
        })
    }

    /// Checks that the result has the columns the query had at generation.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.difference() {
            Some(difference) => Err(Error::new(
                During::Query(self.query.into()),
                Cause::Schema(difference),
            )),
            None => Ok(()),
        }
    }

    fn difference(&self) -> Option<String> {
        let (columns, expected) = (self.row.columns(), self.query.columns);
        if columns.len() != expected.len() {
            return Some(format!(
                "the result has {} columns, not {}",
                columns.len(),
                expected.len()
            ));
        }
        let (index, expected) = expected.iter().enumerate().find(|&(index, &expected)| {
            expected != 0
                && columns[index]
                    .type_info()
                    .oid()
                    .is_none_or(|oid| oid.0 != expected)
        })?;
        let found = columns[index].type_info().name();
        Some(format!(
            "{} has type `{found}`, not the type with OID {expected}",
            self.column(index)
        ))
    }

    fn column(&self, index: usize) -> Column {
        Column {
            index,
            name: self
                .row
                .columns()
                .get(index)
                .map(|column| column.name().to_owned()),
        }
    }
}
