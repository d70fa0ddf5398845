//! The worker, on a database of each test's own.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use database::Database;
use database::types::{ImportJob, ImportJobStatus, OrganizationId};
use example_worker::{claim, fail_abandoned, work_once};
use std::collections::BTreeSet;
use tempfile::TempDir;
use xact::sqlx::raw_sql;
use xact::testing::TestDatabase;

struct World {
    _test: TestDatabase,
    db: Database,
    acme: OrganizationId,
    files: TempDir,
}

impl World {
    async fn new() -> Self {
        let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations");
        let test = TestDatabase::isolated_from(migrations).await.unwrap();
        let acme = "INSERT INTO organizations (id, name, slug) VALUES ('org_acme', 'Acme', 'acme')";
        let mut owner = test.connect().await.unwrap();
        raw_sql(acme).execute(&mut owner).await.unwrap();
        Self {
            db: Database::new(test.pool()),
            _test: test,
            acme: "org_acme".parse().unwrap(),
            files: tempfile::tempdir().unwrap(),
        }
    }

    /// Hands a file in.
    async fn hand_in(&self, name: &str, text: &str) -> ImportJob {
        std::fs::write(self.files.path().join(name), text).unwrap();
        let create = self
            .db
            .xact_admin(async |q| q.orm().import_jobs_create(&self.acme, name, 1).await);
        create.await.unwrap()
    }

    async fn work(&self) -> bool {
        work_once(&self.db, self.files.path()).await.unwrap()
    }

    async fn now(&self, job: &ImportJob) -> ImportJob {
        let found = self
            .db
            .xact_admin(async |q| q.orm().import_jobs_get(&job.id).await);
        found.await.unwrap().unwrap()
    }

    async fn bookmarks(&self) -> i64 {
        let count = self
            .db
            .xact_admin(async |q| q.orm().bookmarks_count(&self.acme).await);
        count.await.unwrap()
    }
}

const LINKS: &str = "https://a.example/1 One\n\nhttps://b.example?q=2 Two words\n";

#[tokio::test]
async fn imports_are_taken_up_in_order_and_brought_to_their_end() {
    let world = World::new().await;
    let first = world.hand_in("first.txt", LINKS).await;
    let second = world.hand_in("second.txt", LINKS).await;
    assert!(world.work().await);
    assert_eq!(world.now(&first).await.status, ImportJobStatus::Completed);
    assert_eq!(world.now(&second).await.status, ImportJobStatus::Pending);
    assert!(world.work().await);
    assert!(!world.work().await, "none waits");
    assert_eq!(world.now(&second).await.imported_count, 2);
    assert_eq!(world.bookmarks().await, 2, "the same links again add none");
}

#[tokio::test]
async fn an_import_that_fails_says_why_and_saves_nothing() {
    let world = World::new().await;
    let job = world
        .hand_in("broken.txt", "https://a.example/1 One\nno link\n")
        .await;
    assert!(world.work().await);
    let job = world.now(&job).await;
    assert_eq!(job.status, ImportJobStatus::Failed);
    assert_eq!(job.error_message.as_deref(), Some("line 2 is no link"));
    assert_eq!(world.bookmarks().await, 0);
}

#[tokio::test]
async fn no_two_workers_take_up_the_same_import() {
    let world = World::new().await;
    let mut expected = BTreeSet::new();
    for number in 0..6 {
        let job = world.hand_in(&format!("{number}.txt"), LINKS).await;
        expected.insert(job.id.to_string());
    }
    let worker = || async {
        let mut taken = Vec::new();
        while let Some(claim) = claim(&world.db).await.unwrap() {
            taken.push(claim.job.id.to_string());
            claim.lock.release().await.unwrap();
        }
        taken
    };
    let (one, two, three) = tokio::join!(worker(), worker(), worker());
    let taken = [one, two, three].concat();
    assert_eq!(taken.len(), expected.len(), "each once: {taken:?}");
    assert_eq!(BTreeSet::from_iter(taken), expected);
}

#[tokio::test]
async fn an_import_whose_worker_died_is_found_and_one_that_is_worked_on_is_not() {
    let world = World::new().await;
    let dead = world.hand_in("dead.txt", LINKS).await;
    let lives = world.hand_in("lives.txt", LINKS).await;
    let died = claim(&world.db).await.unwrap().unwrap();
    let working = claim(&world.db).await.unwrap().unwrap();
    assert_eq!((&died.job.id, &working.job.id), (&dead.id, &lives.id));
    assert_eq!(fail_abandoned(&world.db).await.unwrap(), []);

    died.lock.release().await.unwrap();
    let abandoned = fail_abandoned(&world.db).await.unwrap();
    assert_eq!(abandoned.iter().collect::<Vec<_>>(), [&dead.id]);
    assert_eq!(world.now(&dead).await.status, ImportJobStatus::Failed);
    assert_eq!(world.now(&lives).await.status, ImportJobStatus::Running);
    working.lock.release().await.unwrap();
}
