//! The trait of statements that can be run: each gives its SQL and its arguments.

use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Execute as _, Postgres, QueryBuilder, SqlSafeStr as _, SqlStr};

/// A statement built at run time: SQL with `$1`, `$2`, …, and the values of these.
///
/// It is there for `sqlx::QueryBuilder` and `sqlx::query(…).bind(…)`, for `&'static str`, and, with the feature `sea-query`, for
/// the statements of sea-query and references to them.
///
/// ```
/// use xact::Statement;
/// use xact::sqlx::error::BoxDynError;
/// use xact::sqlx::postgres::PgArguments;
/// use xact::sqlx::{Arguments as _, SqlSafeStr as _, SqlStr};
///
/// struct Page(i64);
///
/// impl Statement for Page {
///     fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
///         let mut values = PgArguments::default();
///         values.add(self.0)?;
///         Ok(("SELECT title FROM bookmarks ORDER BY id LIMIT 50 OFFSET $1".into_sql_str(), values))
///     }
/// }
/// # let _ = Page(1);
/// ```
pub trait Statement {
    /// The SQL, and the values of its parameters.
    ///
    /// # Errors
    /// A value cannot be encoded.
    fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError>;
}

impl Statement for &'static str {
    fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
        Ok((self.into_sql_str(), PgArguments::default()))
    }
}

impl Statement for Query<'_, Postgres, PgArguments> {
    fn into_parts(mut self) -> Result<(SqlStr, PgArguments), BoxDynError> {
        let values = self.take_arguments()?.unwrap_or_default();
        Ok((self.sql(), values))
    }
}

impl Statement for QueryBuilder<Postgres> {
    fn into_parts(mut self) -> Result<(SqlStr, PgArguments), BoxDynError> {
        self.build().into_parts()
    }
}

impl Statement for &mut QueryBuilder<Postgres> {
    fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
        self.build().into_parts()
    }
}
