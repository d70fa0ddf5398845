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

impl From<&'static Query> for Origin {
    fn from(query: &'static Query) -> Self {
        Self::query(query.name, query.file)
    }
}
