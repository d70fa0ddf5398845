//! Each call gives as many rows as its cardinality allows, or an error.

use crate::orm::{Admin, User};
use crate::server::pool;

/// Three users aged 1, 2 and 3.
async fn three(q: &mut xact::Xact<Admin>) {
    for (email, age) in [("a", 1), ("b", 2), ("c", 3)] {
        q.orm().users_insert(email, Some(age)).await.unwrap();
    }
}

#[tokio::test]
async fn one_is_exactly_one_row() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three(&mut q).await;
    assert_eq!(
        q.orm().users_one(3).await.unwrap(),
        User {
            email: "c".to_owned(),
            age: Some(3)
        }
    );
    let error = q.orm().users_one(4).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_too_many_rows());
    assert_eq!(
        error.to_string(),
        "query `users_list` (queries/users.sql): no row found, but the query is `:one`"
    );
    let error = q.orm().users_one(1).await.unwrap_err();
    assert!(error.is_too_many_rows() && !error.is_not_found());
    // None of these is an error to Postgres: the transaction goes on.
    q.orm().users_one(3).await.unwrap();
    q.commit().await.unwrap();
}

#[tokio::test]
async fn optional_is_at_most_one_row() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three(&mut q).await;
    assert_eq!(q.orm().users_optional(4).await.unwrap(), None);
    assert_eq!(q.orm().users_optional(3).await.unwrap().unwrap().email, "c");
    assert!(
        q.orm()
            .users_optional(2)
            .await
            .unwrap_err()
            .is_too_many_rows()
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn many_is_any_number_of_rows_in_order() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three(&mut q).await;
    let emails = |users: Vec<User>| users.into_iter().map(|user| user.email).collect::<String>();
    let mut orm = q.orm();
    assert_eq!(emails(orm.users_list(1).await.unwrap()), "abc");
    assert_eq!(emails(orm.users_list(2).await.unwrap()), "bc");
    assert_eq!(emails(orm.users_list(9).await.unwrap()), "");
}

#[tokio::test]
async fn execute_counts_the_affected_rows() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    three(&mut q).await;
    assert_eq!(q.orm().users_delete(2).await.unwrap(), 2);
    assert_eq!(q.orm().users_delete(2).await.unwrap(), 0);
    q.orm().users_clear(0).await.unwrap();
    assert_eq!(q.orm().users_list(0).await.unwrap(), []);
}

#[tokio::test]
async fn execute_ignores_rows() {
    static NOTIFY: xact::generated::Query = xact::generated::Query {
        name: "lock",
        file: "queries/locks.sql",
        sql: "SELECT pg_advisory_xact_lock($1)",
        parameters: &[20],
        columns: &[],
        names: "",
    };
    let mut q = pool().await.begin(Admin).await.unwrap();
    q.orm()
        .run
        .execute(NOTIFY.arguments().push(1_i64))
        .await
        .unwrap();
    q.commit().await.unwrap();
}
