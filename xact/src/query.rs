//! One query of a generated module, as data.

use crate::arguments::Arguments;
use crate::copy::{CopyData, CopyRow};

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

impl Query {
    /// Starts the arguments of one call of this query.
    ///
    /// ```
    /// # static PING: xact::generated::Query =
    /// #     xact::generated::Query { name: "ping", file: "queries/ping.sql", sql: "SELECT 1", parameters: &[], columns: &[23], names: "" };
    /// let arguments = PING.arguments();
    /// # let _ = arguments;
    /// ```
    pub fn arguments(&'static self) -> Arguments {
        Arguments::new(self)
    }

    /// The rows of one run of this COPY: `fill` writes the values of a row, in the order of the columns.
    ///
    /// [`parameters`](Self::parameters) are the OIDs of the columns here.
    ///
    /// ```
    /// # static LOAD: xact::generated::Query = xact::generated::Query {
    /// #     name: "load", file: "queries/users.sql", sql: "COPY users (name, age) FROM STDIN (FORMAT binary)",
    /// #     parameters: &[25, 23], columns: &[], names: "" };
    /// let users = [("Ada", Some(36)), ("Grace", None)];
    /// let data = LOAD.copy(&users, |user, row| row.push(user.0).push(user.1));
    /// # let _ = data;
    /// ```
    pub fn copy<'r, R>(
        &'static self,
        rows: &'r [R],
        fill: impl for<'d> Fn(&'r R, CopyRow<'d>) -> CopyRow<'d>,
    ) -> CopyData {
        CopyData::new(self, rows, fill)
    }
}
