//! Statements run on random rows with random arguments, in a transaction that is rolled back.

use fastrand::Rng;
use sqlx::error::DatabaseError;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, ValueRef as _};
use xact_codegen::query::Finished;
use xact_codegen::query::analysis::TypedParameter;
use xact_codegen::query::{TypeCatalog, TypeKind};

use super::kinds::{Kind, percent};

pub(super) async fn execute(connection: &mut PgConnection, sql: &str) {
    let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await;
    result.unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

/// The rows of a statement, as text; none if Postgres refuses it.
pub(super) async fn rows(connection: &mut PgConnection, sql: String) -> Option<Vec<PgRow>> {
    rows_or_refusal(connection, sql).await.ok()
}

/// Why Postgres refuses a statement.
#[derive(Debug)]
pub(super) enum Refusal {
    /// A value, such as one that no cast takes: a plan need not come across it that another does.
    OfValue,
    Other(String),
}

pub(super) async fn rows_or_refusal(
    connection: &mut PgConnection,
    sql: String,
) -> Result<Vec<PgRow>, Refusal> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql))
        .fetch_all(connection)
        .await;
    rows.map_err(|error| {
        let database = error.as_database_error();
        let code = database.and_then(DatabaseError::code).unwrap_or_default();
        // Classes "Data Exception", "Feature Not Supported" (infinity as an integer), and a subquery that gives two rows.
        let classes = ["22", "0A", "21"];
        // A domain checks a value wherever an expression comes across it.
        let of_domain = code.starts_with("23") && error.to_string().contains(" domain ");
        if of_domain || classes.iter().any(|class| code.starts_with(class)) {
            Refusal::OfValue
        } else {
            Refusal::Other(error.to_string())
        }
    })
}

/// Rows as text in an order of their own, for statements without ORDER BY.
pub(super) fn texts(rows: &[PgRow]) -> Vec<String> {
    let value = |row: &PgRow, index| {
        let value = row.try_get_raw(index).unwrap();
        let null = value.is_null();
        if null {
            "NULL".to_owned()
        } else {
            format!("`{}`", value.as_str().unwrap())
        }
    };
    let row = |row: &PgRow| {
        let values: Vec<String> = (0..row.len()).map(|index| value(row, index)).collect();
        values.join(", ")
    };
    let mut rows: Vec<String> = rows.iter().map(row).collect();
    rows.sort();
    rows
}

/// The statement that takes a transaction back to its initial rows. It works in one that failed, too.
pub(super) const BACK: &str = "ROLLBACK TO filled";

/// Begins a transaction that is filled by these statements.
pub(super) async fn begin(connection: &mut PgConnection, fill: &[String]) {
    let fill = fill.join(";\n");
    execute(connection, &format!("BEGIN; {fill}; SAVEPOINT filled")).await;
}

/// Prepares a statement under a name, outside of any transaction; false for one that Postgres does not take.
pub(super) async fn prepare(connection: &mut PgConnection, name: &str, sql: &str) -> bool {
    rows(connection, format!("PREPARE {name} AS {sql}"))
        .await
        .is_some()
}

/// EXECUTE with these arguments.
pub(super) fn call(name: &str, arguments: &[String]) -> String {
    if arguments.is_empty() {
        format!("EXECUTE {name}")
    } else {
        format!("EXECUTE {name}({})", arguments.join(", "))
    }
}

/// The argument of a caller for a parameter, without its type.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    Null,
    Value(&'static str),
    List(Vec<&'static str>),
}

impl Argument {
    fn sql(&self, sql_type: &str) -> String {
        match self {
            Self::Null => format!("NULL::{sql_type}"),
            Self::Value(value) => format!("{value}::{sql_type}"),
            Self::List(values) => format!("ARRAY[{}]::{sql_type}", values.join(", ")),
        }
    }
}

/// An argument for each parameter; none if one has a type without values here.
pub(super) fn arguments(
    typed: &Finished,
    catalog: &TypeCatalog,
    rng: &mut Rng,
) -> Option<Vec<Argument>> {
    let parameters = typed.parameters.iter();
    parameters
        .map(|parameter| argument(parameter, catalog, rng))
        .collect()
}

fn argument(parameter: &TypedParameter, catalog: &TypeCatalog, rng: &mut Rng) -> Option<Argument> {
    if parameter.nullable && percent(rng, 45) {
        return Some(Argument::Null);
    }
    let base = catalog.base(parameter.type_oid)?;
    if let TypeKind::Array(element) = base.kind {
        // Callers pass slices, which hold no NULL.
        let kind = Kind::of_type(&catalog.base(element)?.sql_name)?;
        let values = (0..rng.usize(..3)).map(|_| kind.value(rng));
        return Some(Argument::List(values.collect()));
    }
    let kind = Kind::of_type(&base.sql_name)?;
    Some(Argument::Value(kind.value(rng)))
}

/// Arguments as they are written in EXECUTE.
pub(super) fn written(
    typed: &Finished,
    catalog: &TypeCatalog,
    arguments: &[Argument],
) -> Vec<String> {
    let pairs = arguments.iter().zip(&typed.parameters);
    let sql = pairs.filter_map(|(argument, parameter)| {
        let own = catalog.get(parameter.type_oid)?;
        Some(argument.sql(&own.sql_name))
    });
    sql.collect()
}
