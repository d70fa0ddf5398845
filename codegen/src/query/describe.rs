//! The types of each query by Postgres's own Parse and Describe; utilities are tried as well.

use super::{Kind, Parameter, Query};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, Place, from_postgres, nearest};
use crate::schema::Schema;
use crate::schema::model::Enum;
use sqlx::postgres::{PgDatabaseError, PgStatement};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Either, Executor as _, PgConnection};
use sqlx::{SqlSafeStr as _, Statement as _};

/// A query with the types that Postgres gave it.
#[derive(Clone, Debug)]
pub struct Described {
    /// The query.
    pub query: Query,
    /// The type of each parameter, `$1` first.
    pub parameters: Vec<u32>,
    /// The columns of its rows; none for a statement that has no rows.
    pub columns: Vec<DescribedColumn>,
}

/// One output column, as Describe gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedColumn {
    /// As the client will see it.
    pub name: String,
    /// The OID of its type; of a domain, that of its base.
    pub type_oid: u32,
}

/// Describes every query. Those that Postgres refuses become diagnostics.
///
/// # Errors
/// If the connection breaks.
pub async fn describe(
    connection: &mut PgConnection,
    queries: Vec<Query>,
    schema: &Schema,
) -> Result<(Vec<Described>, Vec<Diagnostic>), Failure> {
    let mut described = Vec::new();
    let mut diagnostics = Vec::new();
    for query in queries {
        let sql = AssertSqlSafe(query.sql.text.clone()).into_sql_str();
        let statement = (&mut *connection).prepare(sql).await;
        let refused = match statement {
            Ok(statement) => match refused_when_run(connection, &query).await? {
                None => {
                    described.push(from_statement(query, &statement));
                    continue;
                }
                Some(error) => error,
            },
            Err(error) => error,
        };
        let diagnostic = diagnose_refusal(refused, &query, schema)?;
        diagnostics.push(query.in_variant(diagnostic));
    }
    Ok((described, diagnostics))
}

fn from_statement(query: Query, statement: &PgStatement) -> Described {
    let parameters = match statement.parameters() {
        Some(Either::Left(types)) => types
            .iter()
            .map(|t| t.oid().map_or(0, |oid| oid.0))
            .collect(),
        _ => Vec::new(),
    };
    let columns = statement.columns().iter().map(|column| DescribedColumn {
        name: column.name().to_owned(),
        type_oid: column.type_info().oid().map_or(0, |oid| oid.0),
    });
    Described {
        parameters,
        columns: columns.collect(),
        query,
    }
}

/// Parse does not look inside a utility statement, so it is run, in a transaction that is
/// rolled back, in the throwaway database: a missing table or "cannot run inside a
/// transaction block" shows now and not in production.
async fn refused_when_run(
    connection: &mut PgConnection,
    query: &Query,
) -> Result<Option<sqlx::Error>, Failure> {
    // A statement with parameters is not tried, because there are no values for them here.
    if query.kind != Kind::Utility || !query.parameters.is_empty() {
        return Ok(None);
    }
    let doing = Failure::connection("trying a utility statement");
    let mut transaction = connection.begin().await.map_err(doing)?;
    let sql = AssertSqlSafe(query.sql.text.clone());
    let result = (&mut *transaction).execute(sql).await;
    let doing = Failure::connection("rolling a utility statement back");
    transaction.rollback().await.map_err(doing)?;
    Ok(result.err())
}

/// Postgres's error about the query, as a diagnostic; an error that is not Postgres's is a failure.
fn diagnose_refusal(
    error: sqlx::Error,
    query: &Query,
    schema: &Schema,
) -> Result<Diagnostic, Failure> {
    if is_of_multirange(&error) {
        let message = "a parameter or column is a multirange, which sqlx cannot read";
        let help = "select the ranges in it: `ARRAY(SELECT unnest(…))`";
        let diagnostic = Diagnostic::error("unmapped-type", query.name_span.clone(), message);
        return Ok(diagnostic.help(help));
    }
    if is_of_label(&error) {
        return Ok(label_named_null(query, schema));
    }
    let Some(database_error) = error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
    else {
        return Err(Failure::connection("describing a query")(error));
    };
    let diagnostic = from_postgres(database_error, query.span.clone(), |p| query.locate(p));
    if let Some(parameter) = untyped_parameter(database_error, query) {
        let help = format!("say which: `{}::text`", parameter.span.text());
        let place = Place::Span(parameter.span.clone());
        return Ok(Diagnostic {
            place,
            ..diagnostic
        }
        .help(help));
    }
    Ok(suggest_name(diagnostic, schema))
}

/// sqlx knows no type whose `typtype` is `m`, and refuses the statement that mentions one.
fn is_of_multirange(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { index, .. } if index.contains("typtype"))
}

/// sqlx reads the labels of an enum as the text of an array, and takes `"NULL"` for NULL.
fn is_of_label(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::ColumnDecode { index, .. } if index.contains("enum_labels"))
}

fn label_named_null(query: &Query, schema: &Schema) -> Diagnostic {
    let has_label = |found: &&Enum| found.labels.iter().any(|label| label == "NULL");
    let message =
        "a parameter or column is of an enum with the label `NULL`, which sqlx cannot read";
    let diagnostic = Diagnostic::error("unmapped-type", query.name_span.clone(), message);
    let renamed = schema.enums.iter().filter(has_label).map(|found| {
        let name = &found.name.sql;
        format!("rename it in a migration: `ALTER TYPE {name} RENAME VALUE 'NULL' TO 'null'`")
    });
    let cast = "or select it as text, `kind::text`, and pass it as text, `:kind::text::…`";
    let helps = renamed.chain([cast.to_owned()]);
    helps.fold(diagnostic, Diagnostic::help)
}

/// The parameter of `could not determine data type of parameter $1`: its number is the same in every language.
fn untyped_parameter<'q>(error: &PgDatabaseError, query: &'q Query) -> Option<&'q Parameter> {
    let (_, number) = error.message().rsplit_once('$')?;
    let number: usize = number.parse().ok()?;
    let undetermined = error.code() == "42P18";
    query
        .parameters
        .get(number.checked_sub(1)?)
        .filter(|_| undetermined)
}

/// Adds the existing name nearest to the one that does not exist.
fn suggest_name(diagnostic: Diagnostic, schema: &Schema) -> Diagnostic {
    let Some(span) = diagnostic.span() else {
        return diagnostic;
    };
    let written = span.text().to_owned();
    let candidates: Vec<&str> = match diagnostic.code {
        "unknown-table" => schema.relation_names().collect(),
        "unknown-column" if diagnostic.help.is_empty() => schema.column_names().collect(),
        _ => return diagnostic,
    };
    match nearest(&written, candidates) {
        Some(meant) => {
            let help = format!("perhaps you meant `{meant}`");
            diagnostic.help(help)
        }
        None => diagnostic,
    }
}
