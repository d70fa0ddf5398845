//! SQL that is made at run time, with the names of this schema.

use database::orm::names::{BookmarkClusters, Bookmarks, Clusters};
use xact::Columns as _;
use xact::sqlx::QueryBuilder;

use crate::world::{ADA, GRACE, World};

/// Every title, sorted by the requested column.
fn titles(sorted_by: &str) -> QueryBuilder<xact::sqlx::Postgres> {
    let by = Bookmarks::from_name(sorted_by).unwrap_or(Bookmarks::Id);
    let mut titles = QueryBuilder::new("SELECT ");
    titles.push(Bookmarks::Title).push(" FROM ");
    titles.push(Bookmarks::TABLE).push(" ORDER BY ").push(by);
    titles
}

#[tokio::test]
async fn a_filter_made_at_run_time_gives_a_customer_their_own_rows_alone() {
    let world = World::seeded().await;
    let mut seen = Vec::new();
    for someone in [ADA, GRACE] {
        let mut q = world.customer(someone).await;
        let by_url: Vec<String> = q.sql("titles", titles("url")).values().await.unwrap();
        let by_chance = q.sql("titles", titles("url; DROP TABLE bookmarks"));
        assert_eq!(
            by_chance.values::<String>().await.unwrap().len(),
            by_url.len()
        );
        let mut orm = q.orm();
        let all = orm.bookmarks_list(&someone.organization()).first(100).await;
        assert_eq!(by_url.len(), all.unwrap().rows.len());
        q.commit().await.unwrap();
        seen.push(by_url);
    }
    assert!(seen.iter().all(|titles| !titles.is_empty()));
    assert!(seen[0].iter().all(|title| !seen[1].contains(title)));
}

#[tokio::test]
async fn every_name_of_the_module_is_one_of_the_database() {
    let world = World::empty().await;
    let mut q = world.database.begin_admin().await.unwrap();
    let mut join = QueryBuilder::new("SELECT count(*) FROM ");
    join.push(Bookmarks::TABLE)
        .push(", ")
        .push(BookmarkClusters::TABLE);
    join.push(", ").push(Clusters::TABLE).push(" WHERE true");
    let all = [
        Bookmarks::ALL
            .iter()
            .map(|c| c.qualified())
            .collect::<Vec<_>>(),
        BookmarkClusters::ALL
            .iter()
            .map(|c| c.qualified())
            .collect(),
        Clusters::ALL.iter().map(|c| c.qualified()).collect(),
    ];
    for column in all.concat() {
        join.push(" AND ").push(column).push(" IS NOT NULL");
    }
    assert_eq!(q.sql("names", join).value::<i64>().await.unwrap(), 0);
    q.commit().await.unwrap();
}
