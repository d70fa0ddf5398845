//! Import jobs.

use database::types::ImportJobStatus;
use xact::types::OffsetDateTime;

use crate::world::{ADA, GRACE, World, id};

#[tokio::test]
async fn a_customer_hands_in_a_file_and_reads_how_far_its_import_is() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let created = q
        .orm()
        .import_jobs_create(&id("org_acme"), "links.html", 7)
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("imp_"));
    assert_eq!(
        (
            created.status,
            created.started_at,
            created.cost_microdollars
        ),
        (ImportJobStatus::Pending, None, 0)
    );
    q.commit().await.unwrap();

    let mut q = world.customer(ADA).await;
    let read = q.orm().import_jobs_get(&created.id).await.unwrap().unwrap();
    assert_eq!(
        (read.filename.as_str(), read.file_size_bytes),
        ("links.html", 7)
    );
    let listed = q.orm().import_jobs_list(&id("org_acme"), 2).await.unwrap();
    assert_eq!(listed.len(), 2);
    q.commit().await.unwrap();

    let mut q = world.customer(GRACE).await;
    assert_eq!(q.orm().import_jobs_get(&created.id).await.unwrap(), None);
    assert_eq!(
        q.orm().import_jobs_list(&id("org_acme"), 10).await.unwrap(),
        []
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn imports_are_read_with_the_bookmarks_that_they_brought() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let mut orm = q.orm();
    let organization = id("org_acme");
    let jobs = orm
        .import_jobs_list_with_bookmarks(&organization, 10)
        .await
        .unwrap();
    assert!(!jobs.is_empty());
    for row in &jobs {
        let job = &row.import_job.id;
        let alone = orm.bookmarks_list_by_import_job(&organization, job).await;
        assert_eq!(row.bookmarks, alone.unwrap());
    }
    assert!(jobs.iter().any(|row| !row.bookmarks.is_empty()));
    q.commit().await.unwrap();

    let mut q = world.customer(GRACE).await;
    let others = q
        .orm()
        .import_jobs_list_with_bookmarks(&organization, 10)
        .await;
    assert_eq!(others.unwrap(), []);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn an_import_is_started_advanced_and_completed_by_admin() {
    let world = World::seeded().await;
    world
        .run("DELETE FROM import_jobs WHERE id <> 'imp_acme_1'")
        .await;
    let mut q = world.database.begin_admin().await.unwrap();
    assert_eq!(
        q.orm()
            .import_jobs_complete(&id("imp_acme_1"))
            .await
            .unwrap(),
        0
    );
    let started = q.orm().import_jobs_start_next().await.unwrap().unwrap();
    assert_eq!(
        (&started.id, started.status),
        (&id("imp_acme_1"), ImportJobStatus::Running)
    );
    assert!(started.started_at.is_some());
    assert_eq!(q.orm().import_jobs_start_next().await.unwrap(), None);
    assert_eq!(
        q.orm()
            .import_jobs_update_progress(5, 4, 1, 900, &id("imp_acme_1"))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .import_jobs_complete(&id("imp_acme_1"))
            .await
            .unwrap(),
        1
    );
    let done = q
        .orm()
        .import_jobs_get(&id("imp_acme_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            done.found_count,
            done.imported_count,
            done.failed_count,
            done.cost_microdollars
        ),
        (5, 4, 1, 900)
    );
    assert_eq!(done.status, ImportJobStatus::Completed);
    assert!(done.finished_at.is_some());
    assert_eq!(
        q.orm()
            .import_jobs_update_progress(6, 6, 6, 6, &id("imp_acme_1"))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        q.orm().import_jobs_delete(&id("imp_acme_1")).await.unwrap(),
        1
    );
    q.commit().await.unwrap();
}

#[tokio::test]
async fn an_import_that_fails_keeps_its_reason_and_fails_once() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    assert_eq!(
        q.orm()
            .import_jobs_fail(Some("no links in it"), &id("imp_acme_1"))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        q.orm()
            .import_jobs_fail(Some("again"), &id("imp_acme_1"))
            .await
            .unwrap(),
        0
    );
    let failed = q
        .orm()
        .import_jobs_get(&id("imp_acme_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(failed.error_message.as_deref(), Some("no links in it"));
    q.commit().await.unwrap();
}

#[tokio::test]
async fn two_workers_never_start_the_same_import() {
    let world = World::seeded().await;
    let mut first = world.database.begin_admin().await.unwrap();
    let mut second = world.database.begin_admin().await.unwrap();
    let of_first = first.orm().import_jobs_start_next().await.unwrap().unwrap();
    let of_second = second
        .orm()
        .import_jobs_start_next()
        .await
        .unwrap()
        .unwrap();
    assert_ne!(of_first.id, of_second.id);
    first.commit().await.unwrap();
    second.commit().await.unwrap();
}

#[tokio::test]
async fn costs_are_summed_by_month_in_utc() {
    let world = World::seeded().await;
    world
        .run(
            "DELETE FROM import_jobs; \
             INSERT INTO import_jobs (organization_id, filename, file_size_bytes, created_at, imported_count, cost_microdollars) VALUES \
                 ('org_acme', 'a', 0, '2025-01-01 00:00Z', 1, 10), \
                 ('org_acme', 'b', 0, '2025-02-01 00:59+01', 2, 20), \
                 ('org_acme', 'c', 0, '2025-02-01 00:00Z', 3, 40), \
                 ('org_globex', 'd', 0, '2025-02-01 00:00Z', 5, 80)",
        )
        .await;
    let mut q = world.customer(ADA).await;
    let january = OffsetDateTime::from_unix_timestamp(1_735_689_600).unwrap();
    let february = OffsetDateTime::from_unix_timestamp(1_738_368_000).unwrap();
    let costs = q
        .orm()
        .import_jobs_costs_by_month(&id("org_acme"))
        .await
        .unwrap();
    let costs: Vec<_> = costs
        .iter()
        .map(|row| {
            (
                row.month,
                row.job_count,
                row.imported_count,
                row.cost_microdollars,
            )
        })
        .collect();
    assert_eq!(costs, [(february, 1, 3, 40), (january, 2, 3, 30)]);
    assert_eq!(
        q.orm()
            .import_jobs_costs_by_month(&id("org_globex"))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        q.orm()
            .import_jobs_total_cost(&id("org_acme"), february)
            .await
            .unwrap(),
        40
    );
    assert_eq!(
        q.orm()
            .import_jobs_total_cost(&id("org_globex"), january)
            .await
            .unwrap(),
        0
    );
    q.commit().await.unwrap();
}
