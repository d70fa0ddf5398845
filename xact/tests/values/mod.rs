//! A row gives the value that Postgres has, or an error that names the column: never a panic, and never another value.

mod dynamic;
mod edges;
mod json;
mod other_crates;
mod parameters;
mod project_types;
mod ranges;
mod round_trips;
mod system_types;

use std::fmt::Debug;

use xact::FromSql;
use xact::generated::Query;
use xact::sqlx::{Encode, Postgres};
use xact::{Error, Xact};

use crate::orm::Admin;
use crate::server::pool;

/// A transaction to read values in.
pub(crate) async fn begin() -> Xact<Admin> {
    pool().await.begin(Admin).await.unwrap()
}

/// A query that lives as long as the tests.
pub(crate) fn query(sql: String, parameters: &'static [u32]) -> &'static Query {
    Box::leak(Box::new(Query {
        name: "value",
        file: "queries/values.sql",
        sql: Box::leak(sql.into_boxed_str()),
        parameters,
        columns: &[0],
        names: "",
    }))
}

/// Reads one value, as generated code reads it.
pub(crate) async fn read<T>(q: &mut Xact<Admin>, expression: &str) -> Result<T, Error>
where
    T: for<'r> FromSql<'r> + Send + 'static,
{
    let query = query(format!("SELECT {expression} AS value"), &[]);
    let mut orm = q.orm();
    let call = orm.run.one(query.arguments(), |row| row.get::<T>(0));
    call.await
}

/// Sends a value, and gives Postgres's text of it.
pub(crate) async fn write<T>(q: &mut Xact<Admin>, pg_type: &str, value: T) -> Result<String, Error>
where
    T: for<'q> Encode<'q, Postgres>,
{
    let query = query(format!("SELECT ($1::{pg_type})::text"), &[0]);
    let mut orm = q.orm();
    let call = orm
        .run
        .one(query.arguments().push(value), |row| row.get::<String>(0));
    call.await
}

/// Asserts that reading is an error that names the column and says this.
pub(crate) async fn refuse<T>(q: &mut Xact<Admin>, expression: &str, because: &str)
where
    T: for<'r> FromSql<'r> + Debug + Send + 'static,
{
    let error = read::<T>(q, expression).await.unwrap_err();
    let text = error.to_string();
    let start = "query `value` (queries/values.sql): column `value` (number 1) cannot be decoded: ";
    assert!(text.starts_with(start), "{expression}: {text}");
    assert!(text.contains(because), "{expression}: {text}");
    assert!(error.is_unreadable_value(), "{expression}");
    assert_eq!(error.column(), Some("value"));
}
