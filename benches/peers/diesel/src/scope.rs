//! A transaction with a role and two settings that reads one row.

use crate::rows::Document;
use crate::schema::documents;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use harness::{Error, ORGANIZATION, Times, USER, time_each};

const SET: &str = "SELECT set_config('role', 'bench_customer', true), set_config('app.user_id', $1, true), \
    set_config('app.organization_id', $2, true)";

/// Role and settings in one statement with bound values.
pub(crate) async fn by_statements(pool: &Pool<AsyncPgConnection>, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let mut connection = pool.get().await?;
        connection
            .transaction::<Document, diesel::result::Error, _>(async |connection| {
                let set = sql_query(SET).bind::<Text, _>(USER).bind::<Text, _>(ORGANIZATION);
                set.execute(connection).await?;
                documents::table
                    .find(id)
                    .select(Document::as_select())
                    .first(connection)
                    .await
            })
            .await?
    }))
}
