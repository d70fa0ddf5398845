//! Bookmarks.

use database::orm::bookmarks::{
    BookmarksImportParams, BookmarksSearchOrder, BookmarksSearchParams, BookmarksUpdateParams,
};
use futures_util::TryStreamExt as _;
use xact::Patch;
use xact::types::JsonValue;

use crate::world::{ADA, GRACE, World, id};

fn english() -> JsonValue {
    r#"{"language": "en", "tags": ["a", null, 1.5]}"#.parse().unwrap()
}

#[tokio::test]
async fn a_bookmark_is_created_read_changed_and_deleted_by_a_customer() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let created = q
        .orm()
        .bookmarks_create(
            &id("org_acme"),
            "https://a.example",
            "A",
            "a.example",
            &english(),
        )
        .await
        .unwrap();
    assert!(created.id.as_str().starts_with("bkm_"));
    assert_eq!(created.metadata, english());
    assert_eq!(
        (&created.import_job_id, &created.source_extid),
        (&None, &None)
    );
    q.commit().await.unwrap();

    let mut q = world.customer(ADA).await;
    let read = q.orm().bookmarks_get(&created.id).await.unwrap().unwrap();
    assert_eq!(
        (read.url.as_str(), read.title.as_str()),
        ("https://a.example", "A")
    );
    assert_eq!(read, created);
    let updated = q
        .orm()
        .bookmarks_update(BookmarksUpdateParams {
            title: Some("B"),
            domain: Some("b.example"),
            original_folder: Patch::Set("news"),
            ..BookmarksUpdateParams::new(&created.id)
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (updated.title.as_str(), updated.domain.as_str()),
        ("B", "b.example")
    );
    assert!(updated.updated_at > created.updated_at);
    assert_eq!(
        q.orm()
            .bookmarks_update_metadata(&JsonValue::Null, &created.id)
            .await
            .unwrap(),
        1
    );
    let read = q.orm().bookmarks_get(&created.id).await.unwrap().unwrap();
    assert_eq!(read.metadata, JsonValue::Null);
    assert_eq!(q.orm().bookmarks_count(&id("org_acme")).await.unwrap(), 3);
    assert_eq!(q.orm().bookmarks_delete(&created.id).await.unwrap(), 1);
    assert_eq!(q.orm().bookmarks_get(&created.id).await.unwrap(), None);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_does_not_exist_for_another_organization() {
    let world = World::seeded().await;
    let mut q = world.customer(GRACE).await;
    assert_eq!(
        q.orm().bookmarks_get(&id("bkm_acme_1")).await.unwrap(),
        None
    );
    let page = q.orm().bookmarks_list(&id("org_acme")).first(10).await;
    assert_eq!(page.unwrap().rows, []);
    assert_eq!(q.orm().bookmarks_count(&id("org_acme")).await.unwrap(), 0);
    assert_eq!(
        q.orm()
            .bookmarks_update(BookmarksUpdateParams {
                title: Some("X"),
                ..BookmarksUpdateParams::new(&id("bkm_acme_1"))
            })
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        q.orm().bookmarks_delete(&id("bkm_acme_1")).await.unwrap(),
        0
    );
    let error = q
        .orm()
        .bookmarks_create(&id("org_acme"), "X", "X", "X", &english())
        .await
        .unwrap_err();
    assert!(error.is_insufficient_privilege(), "{error}");
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_is_listed_with_the_file_it_came_from_if_it_came_from_one() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    q.orm()
        .bookmarks_create(
            &id("org_acme"),
            "https://a.example",
            "by hand",
            "a.example",
            &english(),
        )
        .await
        .unwrap();
    let listed = q.orm().bookmarks_list(&id("org_acme")).first(10).await;
    let listed = listed.unwrap().rows;
    let mut files: Vec<(&str, Option<&str>)> = listed
        .iter()
        .map(|row| (row.title.as_str(), row.import_filename.as_deref()))
        .collect();
    files.sort_unstable();
    assert_eq!(
        files,
        [
            ("Acme reads", Some("Acme 1.html")),
            ("Acme reads", Some("Acme 2.html")),
            ("by hand", None)
        ]
    );
    q.commit().await.unwrap();

    let mut q = world.database.begin_admin().await.unwrap();
    assert_eq!(
        q.orm().import_jobs_delete(&id("imp_acme_1")).await.unwrap(),
        1
    );
    let orphan = q
        .orm()
        .bookmarks_get(&id("bkm_acme_1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(orphan.import_job_id, None);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn pages_of_bookmarks_meet_without_a_gap() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    for title in ["1", "2", "3", "4", "5"] {
        q.orm()
            .bookmarks_create(&id("org_acme"), "", title, "", &english())
            .await
            .unwrap();
    }
    let mut all = Vec::new();
    {
        let mut orm = q.orm();
        let mut rows = orm.bookmarks_export(&id("org_acme"));
        while let Some(row) = rows.try_next().await.unwrap() {
            all.push(row.id);
        }
    }
    let mut paged = Vec::new();
    let mut orm = q.orm();
    let acme = id("org_acme");
    let first = orm.bookmarks_list(&acme).first(2).with_total();
    let mut page = first.await.unwrap();
    assert_eq!(page.total, Some(7));
    loop {
        paged.extend(page.rows.into_iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        let next = orm.bookmarks_list(&acme).after(&next, 2);
        page = next.await.unwrap();
    }
    assert_eq!(paged, all);
    assert_eq!(paged.len(), 7);
    q.commit().await.unwrap();
}

#[tokio::test]
async fn a_bookmark_imported_again_is_brought_up_to_date() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let metadata = english();
    let bookmark = BookmarksImportParams {
        organization_id: &id("org_acme"),
        import_job_id: Some(&id("imp_acme_1")),
        source_extid: Some("source-1"),
        url: "https://a.example",
        title: "A",
        domain: "a.example",
        original_folder: None,
        metadata: &metadata,
    };
    let first = q
        .orm()
        .bookmarks_import(BookmarksImportParams { ..bookmark })
        .await
        .unwrap();
    assert_eq!(
        (first.import_job_id, first.original_folder.as_deref()),
        (Some(id("imp_acme_1")), None)
    );
    let again = BookmarksImportParams {
        import_job_id: Some(&id("imp_acme_2")),
        original_folder: Some("Links/A"),
        ..bookmark
    };
    let again = q.orm().bookmarks_import(again).await.unwrap();
    assert_eq!(again.id, first.id);
    assert_eq!(
        (again.import_job_id, again.original_folder.as_deref()),
        (Some(id("imp_acme_2")), Some("Links/A"))
    );
    let of_job = q
        .orm()
        .bookmarks_list_by_import_job(&id("org_acme"), &id("imp_acme_2"))
        .await
        .unwrap();
    assert!(of_job.iter().any(|row| row.id == first.id));
    q.commit().await.unwrap();
}

#[tokio::test]
async fn bookmarks_are_searched_by_the_conditions_that_are_given() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    q.orm()
        .bookmarks_create(&id("org_acme"), "", "Maps", "a.example", &english())
        .await
        .unwrap();
    q.orm()
        .bookmarks_create(&id("org_acme"), "", "More maps", "b.example", &english())
        .await
        .unwrap();
    let acme = id("org_acme");
    let all = || BookmarksSearchParams::new(&acme);
    for (params, expected) in [
        (all(), 4),
        (
            BookmarksSearchParams {
                pattern: Some("%maps%"),
                ..all()
            },
            2,
        ),
        (
            BookmarksSearchParams {
                pattern: Some("maps"),
                ..all()
            },
            1,
        ),
        (
            BookmarksSearchParams {
                domain: Some("b.example"),
                ..all()
            },
            1,
        ),
        (
            BookmarksSearchParams {
                pattern: Some("%x%"),
                domain: Some("b.example"),
                ..all()
            },
            0,
        ),
        (
            BookmarksSearchParams {
                imported: true,
                domain: Some("b.example"),
                ..all()
            },
            0,
        ),
    ] {
        let found = q.orm().bookmarks_search(params.clone()).first(10).await;
        assert_eq!(found.unwrap().rows.len(), expected, "{params:?}");
    }
    let by_title = BookmarksSearchParams {
        order: BookmarksSearchOrder::Title,
        ..all()
    };
    let first = q.orm().bookmarks_search(by_title.clone()).first(2).await;
    let (mut found, next) = first.map(|page| (page.rows, page.next)).unwrap();
    let mut orm = q.orm();
    let rest = orm.bookmarks_search(by_title).after(&next.unwrap(), 10);
    found.extend(rest.await.unwrap().rows);
    assert_eq!(found.len(), 4);
    assert!(found.is_sorted_by(|a, b| a.title <= b.title));
    let domains = q
        .orm()
        .bookmarks_count_by_domain(&id("org_acme"), 2)
        .await
        .unwrap();
    let domains: Vec<(&str, i64)> = domains
        .iter()
        .map(|row| (row.domain.as_str(), row.bookmark_count))
        .collect();
    assert_eq!(domains, [("example.com", 2), ("a.example", 1)]);
    q.commit().await.unwrap();
}
