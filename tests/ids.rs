//! Ids are unique and sort by the time they were made.

use std::collections::HashSet;

use xact::sqlx::query_scalar;

use crate::world::{World, texts};

#[tokio::test]
async fn ids_sort_in_the_order_they_were_made_within_one_transaction() {
    let world = World::seeded().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let mut ids: Vec<String> = Vec::new();
    for n in 0..500 {
        let sql =
            "INSERT INTO organizations (name, slug) VALUES ('New', 'new-' || $1) RETURNING id";
        let id = query_scalar(sql)
            .bind(n.to_string())
            .fetch_one(q.conn())
            .await
            .unwrap();
        ids.push(id);
    }
    assert!(ids.is_sorted());
    let sorted = "SELECT id FROM organizations WHERE slug LIKE 'new-%' ORDER BY id";
    assert_eq!(texts(q.conn(), sorted.to_owned()).await, ids);
    q.rollback().await.unwrap();
}

#[tokio::test]
async fn ids_made_in_one_statement_are_unique_and_sort_by_the_microsecond() {
    let world = World::empty().await;
    let sql = "SELECT generate_id('tst') FROM generate_series(1, 100000)";
    let ids = texts(&mut world.owner().await, sql.to_owned()).await;
    let microseconds = "tst_".len() + 16;
    assert!(ids.is_sorted_by_key(|id| &id[..microseconds]));
    let unique: HashSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), 100_000);
}

#[tokio::test]
async fn ids_made_at_the_same_time_are_unique() {
    let world = World::empty().await;
    let mut makers = Vec::new();
    for _ in 0..4 {
        let mut owner = world.owner().await;
        makers.push(tokio::spawn(async move {
            let sql = "SELECT generate_id('tst') FROM generate_series(1, 20000)";
            texts(&mut owner, sql.to_owned()).await
        }));
    }
    let mut unique = HashSet::new();
    for maker in makers {
        unique.extend(maker.await.unwrap());
    }
    assert_eq!(unique.len(), 80_000);
}

#[tokio::test]
async fn an_id_is_a_prefix_and_a_version_7_uuid_of_now() {
    let world = World::empty().await;
    let wrong = r"
        SELECT id FROM (SELECT generate_id('tst') AS id FROM generate_series(1, 10000)) made
        WHERE id !~ '^tst_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$'
           OR abs(('x0000' || substr(id, 5, 12))::bit(64)::bigint - extract(epoch FROM clock_timestamp()) * 1000) > 60000";
    assert_eq!(
        texts(&mut world.owner().await, wrong.to_owned()).await,
        [""; 0]
    );
}

#[tokio::test]
async fn an_id_with_the_prefix_of_another_table_is_refused() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let sql =
        "INSERT INTO organizations (id, name, slug) VALUES (generate_id('usr'), 'New', 'new')";
    let error = xact::sqlx::query(sql).execute(q.conn()).await.unwrap_err();
    let error = error.into_database_error().unwrap();
    assert_eq!(error.constraint(), Some("organizations_id_check"));
}
