//! A transaction commits or rolls back, and says which.

use crate::orm::{Admin, Database, customer};
use crate::server::{database, pool};

#[tokio::test]
async fn ok_commits() {
    let (pool, mut observer) = database(2).await;
    let id = pool
        .xact(Admin, async |q| q.orm().users_insert("a", None).await)
        .await
        .unwrap();
    assert_eq!((id, observer.users().await), (1, vec!["a".to_owned()]));
}

#[tokio::test]
async fn an_error_of_the_closure_rolls_back_and_is_returned() {
    #[derive(Debug)]
    struct Mine(&'static str);
    impl From<xact::Error> for Mine {
        fn from(_: xact::Error) -> Self {
            Self("theirs")
        }
    }

    let (pool, mut observer) = database(1).await;
    let result = pool
        .xact(customer("ada"), async |q| {
            q.orm().users_insert("a", None).await?;
            Err::<(), _>(Mine("mine"))
        })
        .await;
    assert_eq!(result.unwrap_err().0, "mine");
    assert!(observer.users().await.is_empty());
    // Rolled back explicitly, so the connection is known to be idle and is kept.
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn a_panicking_closure_rolls_back() {
    let (pool, mut observer) = database(1).await;
    let shared = pool.clone();
    let task = tokio::spawn(async move {
        shared
            .xact(customer("ada"), async |q| {
                q.orm().users_insert("a", None).await?;
                assert!(q.scope().user_id.is_empty(), "boom");
                Ok::<_, xact::Error>(())
            })
            .await
    });
    assert!(task.await.unwrap_err().is_panic());
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
    let identity = pool
        .xact(Admin, async |q| q.orm().identity().await)
        .await
        .unwrap();
    assert_eq!(
        (identity.role.as_str(), identity.user_id.as_str()),
        ("postgres", "")
    );
}

#[tokio::test]
async fn a_dropped_guard_rolls_back() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(customer("ada")).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    drop(q);
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
    assert_eq!(
        pool.size(),
        1,
        "nothing was under way, so the connection is kept"
    );
}

#[test]
fn a_guard_may_be_dropped_outside_of_the_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (pool, mut observer) = runtime.block_on(database(1));
    let q = runtime.block_on(pool.begin(Admin)).unwrap();
    drop(q);
    runtime.block_on(observer.quiet());
    let q = runtime.block_on(pool.begin(Admin)).unwrap();
    drop(runtime);
    drop(q);
}

#[tokio::test]
async fn rollback_undoes_and_keeps_the_connection() {
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().users_insert("a", None).await.unwrap();
    q.rollback().await.unwrap();
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
    assert_eq!(pool.size(), 1);
}

#[tokio::test]
async fn the_commit_of_an_aborted_transaction_is_an_error_that_names_the_query() {
    let (pool, mut observer) = database(1).await;
    let error = pool
        .xact(Admin, async |q| {
            q.orm().users_insert("a", None).await?;
            let _swallowed = q.orm().users_insert("a", None).await;
            let _swallowed = q.orm().users_list(0).await;
            Ok::<_, xact::Error>(())
        })
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "commit: the transaction was aborted by an error of query `users_insert` (queries/users.sql) and has been rolled back"
    );
    assert_eq!(error.code(), Some("25P02"));
    observer.quiet().await;
    assert!(observer.users().await.is_empty());
    assert_eq!(pool.size(), 1);
    pool.xact(Admin, async |q| q.orm().users_insert("b", None).await)
        .await
        .unwrap();
    assert_eq!(observer.users().await, ["b"]);
}

#[tokio::test]
async fn a_constraint_deferred_to_commit_fails_the_commit_and_keeps_the_connection() {
    static DEFER: xact::generated::Query = xact::generated::Query {
        name: "defer",
        file: "queries/notes.sql",
        sql: "SET CONSTRAINTS ALL DEFERRED",
        parameters: &[],
        columns: &[],
        names: "",
    };
    static NOTE: xact::generated::Query = xact::generated::Query {
        name: "note",
        file: "queries/notes.sql",
        sql: "INSERT INTO notes VALUES (404)",
        parameters: &[],
        columns: &[],
        names: "",
    };
    let (pool, mut observer) = database(1).await;
    let mut q = pool.begin(Admin).await.unwrap();
    q.orm().run.execute(DEFER.arguments()).await.unwrap();
    q.orm().run.execute(NOTE.arguments()).await.unwrap();
    let error = q.commit().await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
    pool.xact(Admin, async |q| q.orm().users_insert("b", None).await)
        .await
        .unwrap();
    assert_eq!(observer.users().await, ["b"]);
}

#[tokio::test]
async fn futures_are_send_inside_spawn() {
    let database = Database { pool: pool().await };
    let task = tokio::spawn(async move {
        let email = String::from("a");
        let count = database
            .xact_customer("ada", async |q| {
                q.orm().users_insert(&email, Some(1)).await?;
                Ok::<_, xact::Error>(q.orm().users_list(0).await?.len())
            })
            .await?;
        let mut q = database.begin_customer("ada").await?;
        let found = q.orm().users_optional(1).await?;
        q.commit().await?;
        Ok::<_, xact::Error>((count, found.map(|user| user.email)))
    });
    assert_eq!(task.await.unwrap().unwrap(), (1, Some("a".to_owned())));
}

#[test]
fn public_types_are_send_and_sync() {
    fn both<T: Send + Sync>() {}
    fn send<T: Send>() {}
    both::<xact::Pool>();
    both::<xact::Error>();
    both::<xact::Xact<Admin>>();
    send::<xact::Many<'_, String>>();
    send::<xact::RowStream<'_, String>>();
    send::<xact::BorrowedRows<'_, &'static str>>();
}
