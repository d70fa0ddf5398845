//! A transaction with a role and two settings that reads one row.

use crate::rows::Note;
use harness::{Error, ORGANIZATION, Times, USER, time_each};
use sqlx::{PgConnection, PgPool};

/// One statement after the other, with bound values: the form that sqlx's documentation has.
pub(crate) async fn by_statements(pool: &PgPool, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let mut transaction = pool.begin().await?;
        sqlx::query("SET LOCAL ROLE bench_customer")
            .execute(&mut *transaction)
            .await?;
        sqlx::query("SELECT set_config('app.user_id', $1, true), set_config('app.organization_id', $2, true)")
            .bind(USER)
            .bind(ORGANIZATION)
            .execute(&mut *transaction)
            .await?;
        let note = read(&mut transaction, id).await?;
        transaction.commit().await?;
        note
    }))
}

/// All in the message that begins the transaction. The caller has to quote the values.
pub(crate) async fn by_begin_with(pool: &PgPool, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let begin = format!(
            "BEGIN; SET LOCAL ROLE bench_customer; SET LOCAL app.user_id = '{}'; SET LOCAL app.organization_id = '{}'",
            USER.replace('\'', "''"),
            ORGANIZATION.replace('\'', "''"),
        );
        let mut transaction = pool.begin_with(sqlx::AssertSqlSafe(begin)).await?;
        let note = read(&mut transaction, id).await?;
        transaction.commit().await?;
        note
    }))
}

async fn read(connection: &mut PgConnection, id: i64) -> Result<Note, sqlx::Error> {
    let read = sqlx::query_as("SELECT id, created_at, title, body FROM documents WHERE id = $1");
    read.bind(id).fetch_one(connection).await
}
