//! The statements of sea-query.

use sea_query::{
    DeleteStatement, InsertStatement, PostgresQueryBuilder, SelectStatement, UpdateStatement,
    Value, Values, WithQuery,
};
use sea_query_sqlx::SqlxValues;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArguments;
use sqlx::{AssertSqlSafe, IntoArguments as _, SqlSafeStr as _, SqlStr};

use super::Statement;

macro_rules! statement {
    ($($statement:ty),+) => {
        $(
            impl Statement for &$statement {
                fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
                    encode_statement(self.build(PostgresQueryBuilder))
                }
            }

            impl Statement for &mut $statement {
                fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
                    (&*self).into_parts()
                }
            }

            impl Statement for $statement {
                fn into_parts(self) -> Result<(SqlStr, PgArguments), BoxDynError> {
                    (&self).into_parts()
                }
            }
        )+
    };
}

statement!(
    SelectStatement,
    InsertStatement,
    UpdateStatement,
    DeleteStatement,
    WithQuery
);

fn encode_statement((sql, values): (String, Values)) -> Result<(SqlStr, PgArguments), BoxDynError> {
    // Surprise: sea-query-sqlx panics on a number that no type of Postgres holds.
    for value in &values.0 {
        if let Value::BigUnsigned(Some(number)) = value {
            i64::try_from(*number).map_err(|_| format!("{number} does not fit into a bigint"))?;
        }
    }
    let values = SqlxValues(values).into_arguments();
    Ok((AssertSqlSafe(sql).into_sql_str(), values))
}
