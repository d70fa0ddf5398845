//! A transaction with a role and two settings that reads one row.

use crate::entities::document;
use harness::{Error, ORGANIZATION, Times, USER, time_each};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, EntityTrait as _, Statement, TransactionTrait as _,
};

const SET: &str = "SELECT set_config('role', 'bench_customer', true), set_config('app.user_id', $1, true), \
    set_config('app.organization_id', $2, true)";

/// Role and settings in one statement with bound values.
pub(crate) async fn by_statements(pool: &DatabaseConnection, count: i64) -> Result<Times, Error> {
    Ok(time_each!(count, |id| {
        let transaction = pool.begin().await?;
        let values = [USER.into(), ORGANIZATION.into()];
        transaction
            .execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, SET, values))
            .await?;
        let document = document::Entity::find_by_id(id).one(&transaction).await?;
        transaction.commit().await?;
        document.ok_or("no such document")?
    }))
}
