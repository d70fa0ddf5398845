//! Arguments of types that do not implement sqlx's traits, in slices: the counterparts of `push_part` and `push_lists`.

use crate::arguments::Arguments;
use crate::array::Lists;
use crate::values::{ForSqlx, ToSql};

impl Arguments {
    /// Adds an array with one value of each row, also if there are none, or NULL if there is no list of rows.
    ///
    #[cfg_attr(feature = "chrono", doc = "```")]
    #[cfg_attr(not(feature = "chrono"), doc = "```ignore")]
    /// # static FIND: xact::generated::Query = xact::generated::Query {
    /// #     name: "find", file: "queries/users.sql",
    /// #     sql: "SELECT id FROM users WHERE (name, born) IN (SELECT a, b FROM unnest($1, $2) AS l (a, b))",
    /// #     parameters: &[1009, 1182], columns: &[20], names: "" };
    /// use xact::types::chrono::NaiveDate;
    ///
    /// let pairs = [("Ada", NaiveDate::MIN)];
    /// let arguments = FIND.arguments().push_part(25, pairs.as_slice(), |row| &row.0).push_part_for_sqlx(pairs.as_slice(), |row| &row.1);
    /// # let _ = arguments;
    /// ```
    pub fn push_part_for_sqlx<'r, R, T>(
        self,
        rows: impl Into<Option<&'r [R]>>,
        value: impl Fn(&'r R) -> &'r T,
    ) -> Self
    where
        R: 'r,
        T: ToSql + 'r,
    {
        let rows: &'r [R] = rows.into().unwrap_or_default();
        let values: Vec<&T> = rows.iter().map(value).collect();
        self.push(ForSqlx(values))
    }

    /// Adds an array of each row, as three arrays: the beginnings and the ends of each row's part, and one array of all elements.
    /// If there are no rows, nothing is sent.
    ///
    #[cfg_attr(feature = "chrono", doc = "```")]
    #[cfg_attr(not(feature = "chrono"), doc = "```ignore")]
    /// # static ADD: xact::generated::Query = xact::generated::Query {
    /// #     name: "add", file: "queries/users.sql",
    /// #     sql: "INSERT INTO users (holidays) SELECT ($3)[a:b] FROM unnest($1, $2) AS s(a, b)",
    /// #     parameters: &[1007, 1007, 1182], columns: &[], names: "" };
    /// use xact::types::chrono::NaiveDate;
    ///
    /// let users = [vec![NaiveDate::MIN, NaiveDate::MAX], Vec::new()];
    /// let arguments = ADD.arguments().push_lists_for_sqlx(&users, |holidays| holidays.as_slice());
    /// # let _ = arguments;
    /// ```
    pub fn push_lists_for_sqlx<'r, R, T, L>(self, rows: &'r [R], list: impl Fn(&'r R) -> L) -> Self
    where
        T: ToSql + 'r,
        L: Into<Option<&'r [T]>>,
    {
        let lists = Lists::of(rows.iter().map(|row| list(row).into()));
        self.marked_nothing(rows.is_empty())
            .push(lists.from.as_slice())
            .push(lists.to.as_slice())
            .push(ForSqlx(lists.all))
    }
}
