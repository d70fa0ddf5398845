//! Whether an answer belongs to the message that was just sent.
//!
//! sqlx 0.9 does not count the answer to a COPY, so that if the future of one is dropped, each later message on that connection
//! gets the answer to the one before: a query would return the rows of another. Wherever futures of other code may have been dropped
//! on a connection, a message with a token of its own shows whether that has happened.

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, raw_sql};

const COLUMN: &str = "xact_token";

/// Sends statements by the simple protocol. Fails if the answer is not theirs; then the connection has to be closed.
pub(crate) async fn send_checked(
    connection: &mut PgConnection,
    statements: &str,
) -> Result<(), sqlx::Error> {
    ask_checked(connection, statements, "true AS sent")
        .await
        .map(drop)
}

/// The same, with columns to select behind them. Gives their row.
pub(crate) async fn ask_checked(
    connection: &mut PgConnection,
    statements: &str,
    columns: &str,
) -> Result<PgRow, sqlx::Error> {
    let token = format!("{:032x}", fastrand::u128(..));
    let sql = format!("{statements}; SELECT '{token}' AS {COLUMN}, {columns}");
    let mut rows = raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
    match rows.pop() {
        Some(row)
            if row
                .try_get::<String, _>(COLUMN)
                .is_ok_and(|answered| answered == token) =>
        {
            Ok(row)
        }
        _ => Err(sqlx::Error::Protocol(
            "the answer is that of an earlier message".to_owned(),
        )),
    }
}
