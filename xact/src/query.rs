//! One query of a generated module, as data.

use crate::origin::Origin;

/// One query of a generated module: its text, and the types that Postgres reported at generation.
///
/// Generated code holds one `static` per query. Type OIDs are those of Postgres's built-in types, which never change; the OID
/// of a type that the project made itself differs between databases, so it is written as 0.
///
/// ```
/// static USERS_COUNT: xact::generated::Query = xact::generated::Query {
///     name: "users_count",
///     file: "queries/users.sql",
///     sql: "SELECT count(*) FROM users WHERE city = $1",
///     parameters: &[25],
///     columns: &[20],
///     names: "",
/// };
/// let arguments = USERS_COUNT.arguments().push("Lisbon");
/// # let _ = arguments;
/// ```
#[derive(Debug)]
pub struct Query {
    /// The name after `-- name:`.
    pub name: &'static str,
    /// The file the query was written in, relative to the project.
    pub file: &'static str,
    /// The text sent to Postgres, with `$1`, `$2`, … for its parameters.
    pub sql: &'static str,
    /// The type OID of each parameter; 0 lets the server infer it, as it did at generation.
    pub parameters: &'static [u32],
    /// The type OID of each result column; 0 is not checked.
    pub columns: &'static [u32],
    /// The names of the result columns, with `, ` between them; not checked if it is empty.
    pub names: &'static str,
}

/// The columns of a result: their type OIDs, and their names with `, ` between them.
pub type ResultColumns = (&'static [u32], &'static str);

/// A struct of rows that several queries give, with the columns that it is read from.
///
/// ```
/// struct Page {
///     url: String,
///     views: i64,
/// }
///
/// xact::generated::row_columns!(Page, &[25, 20], "url, views");
///
/// static PAGES: xact::generated::Query =
///     xact::generated::Query::of::<Page>("queries/pages.sql", "pages", &[], "SELECT url, views FROM pages");
/// assert_eq!(PAGES.names, "url, views");
/// # let _ = |page: Page| (page.url, page.views);
/// ```
pub trait RowColumns {
    /// As in [`Query::columns`] and [`Query::names`].
    const COLUMNS: ResultColumns;
}

/// A statement without rows.
impl RowColumns for () {
    const COLUMNS: ResultColumns = (&[], "");
}

impl Query {
    /// A query with these columns.
    ///
    /// ```
    /// use xact::generated::Query;
    ///
    /// static COUNT: Query = Query::new("queries/users.sql", "users_count", &[25], (&[20], "count"), "\
    /// SELECT count(*) FROM users WHERE city = $1");
    /// assert!(COUNT.sql.starts_with("SELECT"));
    /// ```
    pub const fn new(
        file: &'static str,
        name: &'static str,
        parameters: &'static [u32],
        (columns, names): ResultColumns,
        sql: &'static str,
    ) -> Self {
        Self {
            name,
            file,
            sql,
            parameters,
            columns,
            names,
        }
    }

    /// A query with the columns of a struct that several queries give, or without rows: `Query::of::<()>`.
    ///
    /// ```
    /// use xact::generated::Query;
    ///
    /// static DELETE: Query = Query::of::<()>("queries/users.sql", "users_delete", &[20], "\
    /// DELETE FROM users WHERE id = $1");
    /// assert!(DELETE.columns.is_empty());
    /// ```
    pub const fn of<R: RowColumns>(
        file: &'static str,
        name: &'static str,
        parameters: &'static [u32],
        sql: &'static str,
    ) -> Self {
        Self::new(file, name, parameters, R::COLUMNS, sql)
    }
}

impl From<&'static Query> for Origin {
    fn from(query: &'static Query) -> Self {
        Self::query(query.name, query.file)
    }
}
