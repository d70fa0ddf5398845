//! The columns of one table as the variants of an enum.

use std::fmt;

use super::Table;
use super::quoted;

/// The columns of one table or view, as the variants of a generated enum.
///
/// `Display` writes a column's name as SQL, for `sqlx::QueryBuilder`. With the feature `sea-query`, a column goes wherever
/// sea-query takes one, and [`TABLE`](Self::TABLE) wherever it takes a table.
///
/// ```
/// use xact::Columns as _;
/// # xact::generated::columns! { pub enum Bookmarks(None, "bookmarks") { Id = "id", Title = "title", } }
///
/// // The sort order of a request is one of the columns, or none.
/// let by = Bookmarks::from_name("title").unwrap_or(Bookmarks::Id);
/// let sql = format!("SELECT * FROM {} ORDER BY {by}", Bookmarks::TABLE);
/// assert_eq!(sql, r#"SELECT * FROM "bookmarks" ORDER BY "title""#);
/// ```
pub trait Columns: Copy + fmt::Display + 'static {
    /// The table or view.
    const TABLE: Table;

    /// Every column, in the order of the table.
    const ALL: &'static [Self];

    /// The name in the database, without quotes.
    fn name(self) -> &'static str;

    /// The column with this name in the database.
    fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|column| column.name() == name)
    }

    /// The column with its table before it: `"bookmarks"."title"`.
    ///
    /// ```
    /// use xact::Columns as _;
    /// # xact::generated::columns! { pub enum Bookmarks(None, "bookmarks") { Title = "title", } }
    /// assert_eq!(Bookmarks::Title.qualified().to_string(), r#""bookmarks"."title""#);
    /// ```
    fn qualified(self) -> Qualified {
        Qualified {
            table: Self::TABLE,
            column: self.name(),
        }
    }
}

/// A column with its table before it; `Display` writes it as SQL.
///
/// ```
/// use xact::{Qualified, Table};
///
/// let column = Qualified { table: Table { schema: Some("audit"), name: "log" }, column: "at" };
/// assert_eq!(column.to_string(), r#""audit"."log"."at""#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Qualified {
    /// The table or view.
    pub table: Table,
    /// The column's own name.
    pub column: &'static str,
}

impl fmt::Display for Qualified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.", self.table)?;
        quoted::write_quoted(f, self.column)
    }
}

/// Writes the name of a column; called by `columns!`.
#[doc(hidden)]
pub fn write_column(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    quoted::write_quoted(f, name)
}

/// Makes an enum of the columns of a table: its schema unless that is `public`, its name, and the name of each column.
///
/// ```
/// xact::generated::columns! {
///     /// The columns of `audit.log`.
///     pub enum AuditLog(Some("audit"), "log") {
///         At = "at",
///         Order = "order",
///     }
/// }
///
/// assert_eq!(AuditLog::TABLE.to_string(), r#""audit"."log""#);
/// assert_eq!(AuditLog::Order.to_string(), r#""order""#);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_columns {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident($schema:expr, $table:literal) { $($column:ident = $sql:literal,)* }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Hash)]
        pub enum $name {
            $(#[doc = ::core::concat!("`", $sql, "`")] $column,)*
        }
        // Not derived, which would be one more function for each table.
        impl ::core::cmp::Eq for $name {}
        impl $name {
            /// The table or view.
            pub const TABLE: $crate::Table = $crate::Table { schema: $schema, name: $table };
        }
        impl $crate::Columns for $name {
            const TABLE: $crate::Table = Self::TABLE;
            const ALL: &'static [Self] = &[$(Self::$column),*];
            #[inline]
            fn name(self) -> &'static str {
                match self { $(Self::$column => $sql),* }
            }
        }
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::generated::write_column(f, $crate::Columns::name(*self))
            }
        }
        $crate::generated::sea_query_columns!($name);
    };
}

/// With sea-query, columns implement `Iden`.
#[cfg(feature = "sea-query")]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_sea_query_columns {
    ($name:ident) => {
        impl $crate::sea_query::Iden for $name {
            fn unquoted(&self) -> &str {
                $crate::Columns::name(*self)
            }
            fn quoted(&self) -> ::std::borrow::Cow<'static, str> {
                $crate::sea_query::Iden::quoted(&$crate::Columns::name(*self))
            }
        }
    };
}

/// Without sea-query, columns need no further trait.
#[cfg(not(feature = "sea-query"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __xact_sea_query_columns {
    ($name:ident) => {};
}
