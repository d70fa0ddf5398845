//! Pages of outer joins: a row without a partner has NULL in the order, in place of a column that is never NULL.

use super::paged::{self, Paged};
use super::walk_by;
use xact::sqlx::{AssertSqlSafe, Executor as _, Row as _};
use xact::testing::TestDatabase;

const SCHEMA: &str = "
    CREATE TABLE parents (id bigint PRIMARY KEY);
    CREATE TABLE children (id bigint PRIMARY KEY, parent_id bigint);
    CREATE TABLE grandchildren (id bigint PRIMARY KEY, child_id bigint);
    INSERT INTO parents SELECT generate_series(1, 9);
    INSERT INTO children SELECT n, n % 6 FROM generate_series(1, 20) n;
    INSERT INTO grandchildren SELECT n, n % 8 FROM generate_series(1, 30) n;
";

const JOINS: &[&str] = &[
    "parents p LEFT JOIN children c ON c.parent_id = p.id LEFT JOIN grandchildren g ON g.child_id = c.id",
    "grandchildren g RIGHT JOIN children c ON g.child_id = c.id RIGHT JOIN parents p ON p.id = c.parent_id",
    "parents p LEFT JOIN (children c JOIN grandchildren g ON g.child_id = c.id) ON c.parent_id = p.id",
    "parents p LEFT JOIN LATERAL (SELECT id FROM children o WHERE o.parent_id = p.id) c ON true LEFT JOIN grandchildren g ON g.child_id = c.id",
];

const ORDERS: &[&str] = &[
    "p.id, c.id, g.id",
    "p.id DESC, c.id DESC NULLS LAST, g.id NULLS FIRST",
    "c.id, p.id, g.id DESC",
    "g.id NULLS FIRST, c.id DESC, p.id",
];

#[tokio::test]
async fn pages_of_outer_joins_have_every_row_once() {
    let no_migrations = tempfile::tempdir().unwrap();
    let test = TestDatabase::isolated_from(&no_migrations).await.unwrap();
    let mut connection = test.connect().await.unwrap();
    connection.execute(SCHEMA).await.unwrap();
    let place = "p.id * 10000 + coalesce(c.id, 0) * 100 + coalesce(g.id, 0) AS place";
    let each = |join: &'static str| ORDERS.iter().map(move |order| (join, *order));
    let queries = JOINS.iter().flat_map(|join| each(join));
    let queries =
        queries.map(|(join, order)| format!("SELECT {place} FROM {join} ORDER BY {order}"));
    let queries: Vec<String> = queries.collect();
    let paged: Vec<Paged> = paged::of_queries(&mut connection, &queries).await;
    let db = paged::connect(&test);
    for (query, paged) in queries.iter().zip(&paged) {
        let rows = connection
            .fetch_all(AssertSqlSafe(query.clone()))
            .await
            .unwrap();
        let expected: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        assert!(expected.len() > 20, "{query}");
        for sizes in [&[1_u32][..], &[3, 2]] {
            let mut q = db.begin_all().await.unwrap();
            assert_eq!(
                walk_by(&mut q, paged, true, sizes).await,
                expected,
                "{query}"
            );
            assert_eq!(
                walk_by(&mut q, paged, false, sizes).await,
                expected,
                "{query}, back"
            );
            q.rollback().await.unwrap();
        }
    }
}
