//! A transaction with a role and two settings that reads one row.

use crate::rows::{Note, note};
use deadpool_postgres::Pool;
use harness::{Error, ORGANIZATION, Times, USER, time_each};
use tokio::try_join;

const SET: &str = "SELECT set_config('role', 'bench_customer', true), set_config('app.user_id', $1, true), \
    set_config('app.organization_id', $2, true)";
const READ: &str = "SELECT id, created_at, title, body FROM documents WHERE id = $1";

/// Role and settings in one statement with bound values, between BEGIN and the query.
pub(crate) async fn by_batch(pool: &Pool, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let mut client = pool.get().await?;
        let transaction = client.transaction().await?;
        let set = transaction.prepare_cached(SET).await?;
        transaction.query_one(&set, &[&USER, &ORGANIZATION]).await?;
        let read = transaction.prepare_cached(READ).await?;
        let note = note(&transaction.query_one(&read, &[&id]).await?)?;
        transaction.commit().await?;
        note
    }))
}

/// The same statements sent together: futures that are polled at once are pipelined. If one of them fails, COMMIT is sent all the
/// same and ends the failed transaction as ROLLBACK does.
pub(crate) async fn pipelined(pool: &Pool, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let client = pool.get().await?;
        let (set, read) = try_join!(client.prepare_cached(SET), client.prepare_cached(READ))?;
        let (set_values, id): ([&(dyn tokio_postgres::types::ToSql + Sync); 2], _) = ([&USER, &ORGANIZATION], id);
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 1] = [&id];
        let (_, _, row, _) = try_join!(
            client.batch_execute("BEGIN"),
            client.query_one(&set, &set_values),
            client.query_one(&read, &parameters),
            client.batch_execute("COMMIT"),
        )?;
        let note: Note = note(&row)?;
        note
    }))
}
