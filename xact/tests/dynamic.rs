//! SQL that is made at run time is part of the transaction, by sqlx's builder and by sea-query's.

use sea_query::{Alias, Expr, ExprTrait as _, Order, PostgresQueryBuilder, Query};
use sea_query_sqlx::SqlxBinder as _;
use xact::sqlx::{AssertSqlSafe, Postgres, QueryBuilder, query_scalar_with};

use crate::orm::{Admin, customer};
use crate::server::{database, pool};

#[tokio::test]
async fn the_query_builder_of_sqlx_runs_in_the_transaction_and_its_scope() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.orm().users_insert("ada", Some(36)).await.unwrap();
    let mut builder = QueryBuilder::<Postgres>::new("INSERT INTO users (email, age) ");
    builder.push_values([("bob", 1), ("carl", 2)], |mut row, (email, age)| {
        row.push_bind(email).push_bind(age);
    });
    builder.build().execute(q.conn()).await.unwrap();
    let mut filter = QueryBuilder::<Postgres>::new("SELECT email FROM users WHERE age IN ");
    filter.push_tuples([36, 2], |mut tuple, age| {
        tuple.push_bind(age);
    });
    filter.push(" ORDER BY id");
    let emails: Vec<String> = filter
        .build_query_scalar()
        .fetch_all(q.conn())
        .await
        .unwrap();
    assert_eq!(emails, ["ada", "carl"]);
    let refused = QueryBuilder::<Postgres>::new("SELECT * FROM secrets")
        .build()
        .execute(q.conn())
        .await;
    let error = xact::Error::from(refused.unwrap_err());
    assert!(error.is_insufficient_privilege());
    // What was refused aborted the transaction, and the commit does not pretend otherwise.
    assert_eq!(q.commit().await.unwrap_err().code(), Some("25P02"));
    assert!(observer.users().await.is_empty());
}

#[tokio::test]
async fn sea_query_runs_in_the_transaction() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    for (email, age) in [("ada", 36), ("bob", 1), ("carl", 40)] {
        q.orm().users_insert(email, Some(age)).await.unwrap();
    }
    let (sql, values) = Query::select()
        .column(Alias::new("email"))
        .from(Alias::new("users"))
        .and_where(Expr::col(Alias::new("age")).gte(30))
        .and_where(Expr::col(Alias::new("email")).ne("it's"))
        .order_by(Alias::new("age"), Order::Desc)
        .build_sqlx(PostgresQueryBuilder);
    let emails: Vec<String> = query_scalar_with(AssertSqlSafe(sql), values)
        .fetch_all(q.conn())
        .await
        .unwrap();
    assert_eq!(emails, ["carl", "ada"]);
    q.commit().await.unwrap();
}
