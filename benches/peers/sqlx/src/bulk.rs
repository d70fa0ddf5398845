//! Many new rows, by UNNEST: the way that sqlx's FAQ recommends.

use harness::{Error, Times, time_each};
use sqlx::PgPool;
use time::OffsetDateTime;

pub(crate) async fn insert(pool: &PgPool, count: i64, rows: i64) -> Result<Times, Error> {
    let ids: Vec<i64> = (1..=rows).collect();
    let times = vec![OffsetDateTime::UNIX_EPOCH; ids.len()];
    let titles: Vec<String> = ids.iter().map(|id| format!("note {id}")).collect();
    let bodies: Vec<Option<String>> = ids
        .iter()
        .map(|id| (id % 2 == 0).then(|| "Words.".repeat(10)))
        .collect();
    let mut transaction = pool.begin().await?;
    sqlx::query("SAVEPOINT empty").execute(&mut *transaction).await?;
    let mut all = Times::new();
    for _run in 0..count {
        all.extend(time_each!(1, |_one| {
            let insert = sqlx::query(
                "INSERT INTO loads (id, created_at, title, body)
                 SELECT * FROM UNNEST($1::bigint[], $2::timestamptz[], $3::text[], $4::text[])",
            );
            let insert = insert.bind(&ids).bind(&times).bind(&titles).bind(&bodies);
            insert.execute(&mut *transaction).await?
        }));
        sqlx::query("ROLLBACK TO SAVEPOINT empty")
            .execute(&mut *transaction)
            .await?;
    }
    transaction.rollback().await?;
    Ok(all)
}
