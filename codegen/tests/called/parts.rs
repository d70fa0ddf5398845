//! Queries with parts, called: the variant that runs is the one that the parameters ask for.

use super::pool;
use crate::compiled::a_patch_tells_keep_from_null as patches;
use crate::compiled::parts_of_a_query_can_be_left_out as parts;
use parts::bookmarks::{
    BookmarksAllOrder, BookmarksAllParams, BookmarksCountParams, BookmarksCountsParams,
    BookmarksSearchOrder, BookmarksSearchParams,
};
use patches::bookmarks::{BookmarksCreateParams, BookmarksTouchParams, BookmarksUpdateParams};
use xact::Patch;
use xact::sqlx;

const ROWS: &str = "
INSERT INTO jobs VALUES (1, 'chrome.html', 'done'), (2, 'firefox.json', NULL);
INSERT INTO bookmarks (id, owner_id, job_id, title, domain, folder, tags) VALUES
    (1, 7, NULL, 'Rust', 'rust-lang.org', NULL, '{a}'), (2, 7, 1, 'Postgres', 'postgresql.org', 'db', '{b}'),
    (3, 7, 2, 'Cargo', 'rust-lang.org', 'dev', '{a,b}'), (4, 8, 2, 'Other', 'rust-lang.org', NULL, '{}')";

#[tokio::test]
async fn a_search_has_the_conditions_that_are_given() {
    let (server, pool) = pool("parts_of_a_query_can_be_left_out").await;
    let db = parts::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    sqlx::raw_sql(ROWS).execute(q.connection()).await.unwrap();
    for (params, expected) in searches() {
        // Twice: as a statement that is forgotten, and as one that is kept.
        for _ in 0..2 {
            let rows = q.orm().bookmarks_search(params.clone()).await.unwrap();
            let ids: Vec<i64> = rows.iter().map(|row| row.id.get()).collect();
            assert_eq!(ids, expected, "{params:?}");
        }
    }
    drop(q);
    drop(db);
    server.stop().await.unwrap();
}

/// Parameters, and the ids of the rows that they find.
fn searches() -> Vec<(BookmarksSearchParams<'static>, Vec<i64>)> {
    use BookmarksSearchOrder::{Domain, Title};
    let all = || BookmarksSearchParams::new(7, 10);
    let in_order = |order| BookmarksSearchParams { order, ..all() };
    let rust = Some("rust-lang.org");
    let (done, post) = (Some("done"), Some("post%"));
    let chrome = Some("chrome.html");
    vec![
        (all(), vec![3, 2, 1]),
        (in_order(Title), vec![3, 2, 1]),
        (in_order(Domain), vec![2, 3, 1]),
        (
            BookmarksSearchParams {
                domain: rust,
                ..all()
            },
            vec![3, 1],
        ),
        (
            BookmarksSearchParams {
                domain: rust,
                ..in_order(Title)
            },
            vec![3, 1],
        ),
        (
            BookmarksSearchParams {
                imported: true,
                ..all()
            },
            vec![3, 2],
        ),
        (
            BookmarksSearchParams {
                filename: chrome,
                ..all()
            },
            vec![2],
        ),
        (
            BookmarksSearchParams {
                status: done,
                pattern: post,
                ..all()
            },
            vec![2],
        ),
        (
            BookmarksSearchParams {
                domain: Some("x"),
                imported: true,
                ..all()
            },
            vec![],
        ),
        (BookmarksSearchParams { limit: 1, ..all() }, vec![3]),
    ]
}

#[tokio::test]
async fn lists_groups_and_stars_may_have_parts_beside_them() {
    let (server, pool) = pool("parts_of_a_query_can_be_left_out").await;
    let db = parts::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    sqlx::raw_sql(ROWS).execute(q.connection()).await.unwrap();
    let tags = ["b".to_owned()];
    let tagged = BookmarksCountParams {
        tags: Some(&tags),
        ..BookmarksCountParams::default()
    };
    assert_eq!(q.orm().bookmarks_count(tagged).await.unwrap(), 2);
    let by_title = BookmarksAllParams {
        order: BookmarksAllOrder::Title,
        ..BookmarksAllParams::default()
    };
    let titles = q.orm().bookmarks_all(by_title).await.unwrap();
    assert_eq!(titles[0].title, "Cargo");
    let most = BookmarksCountsParams {
        most: Some(1),
        ..BookmarksCountsParams::new(7)
    };
    let counts = q.orm().bookmarks_counts(most).await.unwrap();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[0].domain, "postgresql.org");
    drop(q);
    drop(db);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_patch_keeps_sets_null_and_sets_a_value() {
    let (server, pool) = pool("a_patch_tells_keep_from_null").await;
    let db = patches::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    sqlx::raw_sql(ROWS).execute(q.connection()).await.unwrap();
    let none = BookmarksUpdateParams::new(2.into());
    assert!(none.sets_nothing());
    let error = q.orm().bookmarks_update(none.clone()).await.unwrap_err();
    assert!(error.is_nothing_to_set(), "{error}");
    // The transaction goes on: nothing was sent.
    let titled = BookmarksUpdateParams {
        title: Some("New"),
        ..none.clone()
    };
    assert!(!titled.sets_nothing());
    let row = q.orm().bookmarks_update(titled).await.unwrap().unwrap();
    assert_eq!(
        (row.title.as_str(), row.folder.as_deref()),
        ("New", Some("db"))
    );
    let cleared = BookmarksUpdateParams {
        folder: Patch::Null,
        ..none.clone()
    };
    let row = q.orm().bookmarks_update(cleared).await.unwrap().unwrap();
    assert_eq!((row.title.as_str(), row.folder), ("New", None));
    let filed = BookmarksUpdateParams {
        folder: Patch::Set("news"),
        ..none
    };
    let row = q.orm().bookmarks_update(filed).await.unwrap().unwrap();
    assert_eq!(row.folder.as_deref(), Some("news"));
    let changed = q
        .orm()
        .bookmarks_touch(BookmarksTouchParams::new(2.into()))
        .await
        .unwrap();
    assert_eq!(changed, 1);
    let made = q
        .orm()
        .bookmarks_create(BookmarksCreateParams::new(9.into(), 7, "t", "d"))
        .await;
    assert!(made.unwrap().tags.is_empty(), "the default of the column");
    drop(q);
    drop(db);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn few_variants_of_a_query_are_kept_prepared() {
    let (server, pool) = pool("parts_of_a_query_can_be_left_out").await;
    let db = parts::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    for choice in 0..96_u32 {
        let on = |bit: u32| (choice >> bit & 1 == 1).then_some("x");
        let params = BookmarksSearchParams {
            domain: on(0),
            pattern: on(1),
            filename: on(2),
            status: on(3),
            imported: on(4).is_some(),
            order: BookmarksSearchOrder::ALL[choice as usize / 32],
            ..BookmarksSearchParams::new(7, 10)
        };
        q.orm().bookmarks_search(params.clone()).await.unwrap();
        if choice == 50 {
            let prepared = count_prepared(&mut q).await;
            assert_eq!(prepared, 0, "no variant was called twice");
        }
        // Called again at once, it is kept.
        if choice > 50 {
            q.orm().bookmarks_search(params).await.unwrap();
        }
    }
    let prepared = count_prepared(&mut q).await;
    assert!((16..=45).contains(&prepared), "{prepared}");
    drop(q);
    drop(db);
    server.stop().await.unwrap();
}

/// The statements that the session keeps.
async fn count_prepared<S: xact::Scope>(q: &mut xact::Xact<S>) -> i64 {
    let count = "SELECT count(*) FROM pg_prepared_statements
        WHERE statement LIKE '%bookmarks_search%' AND statement NOT LIKE '%pg_prepared%'";
    let count = sqlx::query_scalar(count);
    count.fetch_one(q.connection()).await.unwrap()
}
