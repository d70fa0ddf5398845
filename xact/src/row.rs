//! One row of a result: given the wire's bytes, gives Rust values by ordinal.
//!
//! Names and types are checked once per result, against the columns of the query at generation, and not for every value: that is
//! most of the difference in speed to `sqlx::query_as`.

use std::ops::Range;

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgColumn, PgRow, PgValueFormat, PgValueRef};
use sqlx::{Column as _, Decode, Postgres, Row as _, TypeInfo as _, ValueRef as _};

use crate::error::{Cause, Column, During, Error};
use crate::query::Query;
use crate::values::{FromSql, SqlValue, Unreadable};

/// How a row is read.
pub(crate) type Read<R> = fn(&Row<'_>) -> Result<R, Error>;

/// A row that borrows from the message that it arrived in.
///
/// Generated structs have it where a query asks for borrowed rows, and a row of one column is its value.
pub trait BorrowedRow {
    /// The row while it borrows for this long.
    type Row<'r>;

    /// Reads a row.
    ///
    /// # Errors
    /// Those of [`Row::get`].
    fn read<'r>(row: &Row<'r>) -> Result<Self::Row<'r>, Error>;
}

macro_rules! borrowed_value {
    ($($value:ty = $row:ty),+) => {
        $(impl BorrowedRow for $value {
            type Row<'r> = $row;

            fn read<'r>(row: &Row<'r>) -> Result<Self::Row<'r>, Error> {
                row.get(0)
            }
        })+
    };
}

borrowed_value!(
    &str = &'r str,
    &[u8] = &'r [u8],
    Option<&str> = Option<&'r str>,
    Option<&[u8]> = Option<&'r [u8]>
);

/// One row of a result, or a part of one, read by the position of its columns.
pub struct Row<'r> {
    values: &'r PgRow,
    query: &'static Query,
    /// The columns of it. A slice, because each value is of one of them and looking it up in the result costs as much again.
    columns: &'r [PgColumn],
    /// The position of the first of them in the result.
    first: usize,
}

impl<'r> Row<'r> {
    pub(crate) fn new(row: &'r PgRow, query: &'static Query) -> Self {
        Self {
            values: row,
            query,
            columns: row.columns(),
            first: 0,
        }
    }

    /// The columns at these positions as a row of their own, whose first column has position 0: how a row in a row is read.
    /// Positions that there are not are an error when they are read.
    ///
    /// ```
    /// struct Author {
    ///     id: i64,
    ///     name: String,
    /// }
    ///
    /// struct Book {
    ///     title: String,
    ///     author: Author,
    ///     reviewer: Option<Author>,
    /// }
    ///
    /// fn author(row: &xact::generated::Row<'_>) -> Result<Author, xact::Error> {
    ///     Ok(Author { id: row.get(0)?, name: row.get(1)? })
    /// }
    ///
    /// fn book(row: &xact::generated::Row<'_>) -> Result<Book, xact::Error> {
    ///     Ok(Book {
    ///         title: row.get(0)?,
    ///         author: author(&row.part(1..3))?,
    ///         reviewer: row.part(3..5).optional(author)?,
    ///     })
    /// }
    /// # let _ = book;
    /// ```
    #[must_use]
    pub fn part(&self, columns: Range<usize>) -> Self {
        let end = columns.end.min(self.columns.len());
        let start = columns.start.min(end);
        Self {
            columns: &self.columns[start..end],
            first: self.first + start,
            ..*self
        }
    }

    /// The number of its columns.
    ///
    /// ```
    /// fn texts(row: &xact::generated::Row<'_>) -> Result<Vec<Option<String>>, xact::Error> {
    ///     (0..row.count_columns()).map(|column| row.get(column)).collect()
    /// }
    /// # let _ = texts;
    /// ```
    pub fn count_columns(&self) -> usize {
        self.columns.len()
    }

    /// The row as `read` reads it, or `None` if every column is NULL, as in the result of an outer join without a match.
    ///
    /// ```
    /// fn reviewer(row: &xact::generated::Row<'_>) -> Result<Option<String>, xact::Error> {
    ///     row.part(3..5).optional(|author| author.get(1))
    /// }
    /// # let _ = reviewer;
    /// ```
    ///
    /// # Errors
    /// Those of `read`.
    pub fn optional<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let is_null = |index| self.raw_value(index).map(|value| value.is_null());
        for index in 0..self.columns.len() {
            if !is_null(index)? {
                return read(self).map(Some);
            }
        }
        Ok(None)
    }

    /// The value of the column at `index`, counted from 0.
    ///
    /// Whether the column's type is one that `T` can read is not checked here: the first row of each result is compared with
    /// the query's [`columns`](Query::columns) and [`names`](Query::names).
    ///
    /// ```
    /// struct User {
    ///     name: String,
    ///     age: Option<i32>,
    /// }
    ///
    /// fn read(row: &xact::generated::Row<'_>) -> Result<User, xact::Error> {
    ///     Ok(User { name: row.get(0)?, age: row.get(1)? })
    /// }
    /// # let _ = read;
    /// ```
    ///
    /// # Errors
    /// The value is NULL and `T` is not an `Option`, or `T` cannot hold it, or there is no such column. It never panics, and
    /// never gives another value than the one that Postgres has.
    #[expect(
        clippy::question_mark,
        reason = "`?` is one more function for each type"
    )]
    pub fn get<T: FromSql<'r>>(&self, index: usize) -> Result<T, Error> {
        let Some(column) = self.columns.get(index) else {
            return Err(self.no_column(index));
        };
        let bytes = match self.read_bytes(index) {
            Ok(bytes) => bytes,
            Err(error) => return Err(error),
        };
        match T::from_sql(SqlValue::new(bytes, 0, Some(column.type_info()))) {
            Ok(value) => Ok(value),
            // Asked of the column: an array may hold a NULL that its type refuses, and then the column itself is not NULL.
            Err(source) => Err(self.value_error(index, bytes.is_none(), source)),
        }
    }

    /// The bytes of a column, none for NULL. Not generic, so that it is compiled once and not for each type.
    fn read_bytes(&self, index: usize) -> Result<Option<&'r [u8]>, Error> {
        // sqlx's value is looked at where it is: moving it costs as much as reading most types.
        match &self.values.try_get_raw(self.first + index) {
            Ok(raw) if raw.is_null() => Ok(None),
            Ok(raw) if raw.format() == PgValueFormat::Text => Err(self.text_error(index)),
            Ok(raw) => match raw.as_bytes() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(source) => Err(self.value_error(index, false, source)),
            },
            Err(_) => Err(self.no_column(index)),
        }
    }

    /// The value of the column at `index`, as a type of the project reads it by sqlx's `Decode`.
    ///
    /// ```
    /// use xact::sqlx::{Decode, Postgres, error::BoxDynError, postgres::PgValueRef};
    ///
    /// struct Score(i32);
    ///
    /// impl<'r> Decode<'r, Postgres> for Score {
    ///     fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
    ///         i32::decode(value).map(Self)
    ///     }
    /// }
    ///
    /// fn read(row: &xact::generated::Row<'_>) -> Result<Score, xact::Error> {
    ///     row.decode(0)
    /// }
    /// # let _ = read;
    /// ```
    ///
    /// # Errors
    /// Those of the type, and as [`get`](Self::get).
    pub fn decode<T: Decode<'r, Postgres>>(&self, index: usize) -> Result<T, Error> {
        let raw = self.raw_value(index)?;
        let null = raw.is_null();
        T::decode(raw).map_err(|source| self.value_error(index, null, source))
    }

    /// The bytes of the column at `index` as Postgres sent them; none for NULL, which is an error in a column that cannot be NULL.
    pub(crate) fn binary(&self, index: usize, nullable: bool) -> Result<Option<&'r [u8]>, Error> {
        if index >= self.columns.len() {
            return Err(self.no_column(index));
        }
        match self.read_bytes(index)? {
            None if !nullable => Err(self.value_error(index, true, Unreadable::null().into())),
            bytes => Ok(bytes),
        }
    }

    #[cold]
    fn text_error(&self, index: usize) -> Error {
        let problem = Unreadable::new("it was sent as text, not in binary form");
        self.value_error(index, false, problem.into())
    }

    #[cold]
    fn value_error(&self, index: usize, null: bool, source: BoxDynError) -> Error {
        let column = self.describe_column(self.first + index);
        let cause = if null {
            Cause::Null { column }
        } else {
            Cause::Decode { column, source }
        };
        Error::new(During::Query(self.query.into()), cause)
    }

    /// The error of a row that the query should not have given.
    #[cold]
    pub(crate) fn one_too_many(&self) -> Error {
        Error::new(During::Query(self.query.into()), Cause::TooManyRows)
    }

    #[inline]
    fn raw_value(&self, index: usize) -> Result<PgValueRef<'r>, Error> {
        if index >= self.columns.len() {
            return Err(self.no_column(index));
        }
        match self.values.try_get_raw(self.first + index) {
            Ok(value) => Ok(value),
            Err(source) => Err(self.column_error(source)),
        }
    }

    #[cold]
    fn no_column(&self, index: usize) -> Error {
        let len = self.columns.len();
        self.column_error(sqlx::Error::ColumnIndexOutOfBounds { index, len })
    }

    #[cold]
    fn column_error(&self, source: sqlx::Error) -> Error {
        Error::sqlx(During::Query(self.query.into()), source)
    }

    /// Checks that the result has the columns the query had at generation.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.find_difference() {
            Some(difference) => Err(Error::new(
                During::Query(self.query.into()),
                Cause::Schema(difference),
            )),
            None => Ok(()),
        }
    }

    fn find_difference(&self) -> Option<String> {
        let (columns, expected) = (self.values.columns(), self.query.columns);
        if columns.len() != expected.len() {
            return Some(format!(
                "the result has {} columns, not {}",
                columns.len(),
                expected.len()
            ));
        }
        // Names before types: columns that changed places usually differ in both, and the names say it better.
        if let Some((index, expected)) = self.other_name() {
            let found = self.describe_column(index);
            return Some(format!("{found} is in the place of `{expected}`"));
        }
        let (index, expected) = expected.iter().enumerate().find(|&(index, &expected)| {
            // 0: the OID of a project's own type differs between databases.
            expected != 0
                && columns[index]
                    .type_info()
                    .oid()
                    .is_none_or(|oid| oid.0 != expected)
        })?;
        let found = columns[index].type_info().name();
        Some(format!(
            "{} has type `{found}`, not the type with OID {expected}",
            self.describe_column(index)
        ))
    }

    /// The first column whose name differs from the one at generation, and that name. Types do not tell two text columns apart.
    fn other_name(&self) -> Option<(usize, &'static str)> {
        let columns = self.values.columns();
        let mut expected = self.query.names;
        if expected.is_empty() {
            return None;
        }
        for (index, column) in columns.iter().enumerate() {
            let after = expected.strip_prefix(column.name());
            let next = match after {
                Some("") if index + 1 == columns.len() => return None,
                Some(after) => after.strip_prefix(", "),
                None => None,
            };
            let Some(next) = next else {
                return Some((index, expected.split(", ").next().unwrap_or(expected)));
            };
            expected = next;
        }
        None
    }

    fn describe_column(&self, index: usize) -> Column {
        Column {
            index,
            name: self
                .values
                .columns()
                .get(index)
                .map(|column| column.name().to_owned()),
        }
    }
}
