//! Hooks of `after_commit` run after a commit, and only then.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use xact::sqlx::Executor as _;

use crate::orm::Admin;
use crate::server::{database, pool};

/// The hooks that ran, in order.
#[derive(Clone, Default)]
struct Ran(Arc<Mutex<Vec<&'static str>>>);

impl Ran {
    fn hook(&self, name: &'static str) -> impl FnOnce() + Send + Sync + use<> {
        let ran = self.clone();
        move || ran.0.lock().unwrap().push(name)
    }

    fn names(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn hooks_run_after_the_commit_in_order() {
    let ran = Ran::default();
    pool()
        .await
        .xact(Admin, async |q| {
            q.after_commit(ran.hook("first"));
            q.orm().users_insert("a", None).await?;
            q.after_commit(ran.hook("second"));
            assert!(ran.names().is_empty());
            Ok::<_, xact::Error>(())
        })
        .await
        .unwrap();
    assert_eq!(ran.names(), ["first", "second"]);
}

#[tokio::test]
async fn hooks_do_not_run_after_a_rollback_or_a_drop() {
    let ran = Ran::default();
    let pool = pool().await;
    let result = pool.xact(Admin, async |q| {
        q.after_commit(ran.hook("closure"));
        q.orm().users_insert("a", None).await?;
        q.orm().users_insert("a", None).await
    });
    result.await.unwrap_err();
    let mut q = pool.begin(Admin).await.unwrap();
    q.after_commit(ran.hook("guard"));
    q.rollback().await.unwrap();
    let mut q = pool.begin(Admin).await.unwrap();
    q.after_commit(ran.hook("dropped"));
    drop(q);
    assert!(ran.names().is_empty());
}

#[tokio::test]
async fn hooks_do_not_run_when_the_commit_fails() {
    let ran = Ran::default();
    let (pool, _observer) = database(1).await;
    let result = pool.xact(Admin, async |q| {
        q.after_commit(ran.hook("refused"));
        let deferred = "SET CONSTRAINTS ALL DEFERRED; INSERT INTO notes VALUES (404)";
        q.connection().execute(deferred).await?;
        Ok::<_, xact::Error>(())
    });
    assert!(result.await.unwrap_err().is_foreign_key_violation());
    let result = pool.xact(Admin, async |q| {
        q.after_commit(ran.hook("swallowed"));
        let _swallowed = q.connection().execute("SELECT 1 / 0").await;
        Ok::<_, xact::Error>(())
    });
    result.await.unwrap_err();
    assert!(ran.names().is_empty());
}

#[tokio::test]
async fn hooks_of_a_savepoint_that_is_undone_are_forgotten() {
    let ran = Ran::default();
    let mut q = pool().await.begin(Admin).await.unwrap();
    q.after_commit(ran.hook("before"));
    for (name, outcome) in [("kept", Ok(())), ("undone", Err(()))] {
        let result = q.savepoint(async |q| {
            q.after_commit(ran.hook(name));
            match outcome {
                Ok(()) => Ok(()),
                Err(()) => q.orm().users_one(404).await.map(drop),
            }
        });
        assert_eq!(result.await.is_ok(), outcome.is_ok());
    }
    q.after_commit(ran.hook("after"));
    q.commit().await.unwrap();
    assert_eq!(ran.names(), ["before", "kept", "after"]);
}

#[tokio::test]
async fn a_hook_that_panics_keeps_no_other_from_running() {
    let ran = Ran::default();
    let (pool, mut observer) = database(1).await;
    let run = pool.xact(Admin, async |q| {
        q.orm().users_insert("a", None).await?;
        q.after_commit(ran.hook("first"));
        q.after_commit(|| panic!("boom"));
        q.after_commit(ran.hook("third"));
        Ok::<_, xact::Error>(())
    });
    let panic = AssertUnwindSafe(run).catch_unwind().await.unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"boom"));
    assert_eq!(ran.names(), ["first", "third"]);
    assert_eq!(observer.users().await, ["a"]);
    // The transaction is over, so its connection is as good as any.
    observer.quiet().await;
    assert_eq!(pool.size(), 1);
}
