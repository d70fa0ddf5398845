//! Types of Postgres itself, and a range type of the project.

use super::pool;
use crate::compiled::ids_come_through_functions_and_materialized_views as ids;
use crate::compiled::types_of_the_system_have_rust_types as system;
use ids::types::NoteId;
use system::things::ThingAddParams;
use xact::sqlx::raw_sql;
use xact::types::{
    PgCid, PgJsonPath, PgLsn, PgMacAddress8, PgXid, PgXid8, Range, TsQuery, TsQueryItem,
};

#[tokio::test]
async fn types_of_the_system_survive_under_a_star() {
    let (server, pool) = pool("types_of_the_system_have_rust_types").await;
    let mut q = system::Database::new(pool).begin_admin().await.unwrap();
    let path = PgJsonPath("$.\"a\"".to_owned());
    let search = TsQuery {
        items: vec![TsQueryItem::Word {
            word: "rat".to_owned(),
            weights: 0,
            prefix: true,
        }],
    };
    let params = ThingAddParams {
        transaction: PgXid(7),
        transaction8: PgXid8(u64::MAX),
        command: PgCid(1),
        position: PgLsn(42),
        address: PgMacAddress8([1, 2, 3, 4, 5, 6, 7, 8]),
        path: &path,
        search: &search,
        portal: "portal",
        span: Range::from(1.5..2.5),
        searches: None,
    };
    q.orm().thing_add(params).await.unwrap();
    let things = q.orm().things_all().await.unwrap();
    let thing = &things[0];
    assert_eq!(
        (thing.transaction, thing.transaction8),
        (PgXid(7), PgXid8(u64::MAX))
    );
    assert_eq!((thing.command, thing.position), (PgCid(1), PgLsn(42)));
    assert_eq!(thing.address, PgMacAddress8([1, 2, 3, 4, 5, 6, 7, 8]));
    assert_eq!((&thing.path, &thing.search), (&path, &search));
    assert_eq!(
        (thing.portal.as_str(), thing.span),
        ("portal", Range::from(1.5..2.5))
    );
    let active = vec![PgXid8(10), PgXid8(14)];
    assert_eq!(
        (
            thing.snapshot.oldest_active,
            thing.snapshot.next,
            &thing.snapshot.active
        ),
        (PgXid8(10), PgXid8(20), &active)
    );
    assert!(thing.xmin.0 > 0);
    drop((q, server));
}

#[tokio::test]
async fn ids_keep_their_type_through_functions_and_materialized_views() {
    let (server, pool) = pool("ids_come_through_functions_and_materialized_views").await;
    let mut q = ids::Database::new(pool).begin_admin().await.unwrap();
    raw_sql("INSERT INTO notes (title, kind) VALUES ('a', 'long'), ('b', 'short'); REFRESH MATERIALIZED VIEW recent")
        .execute(q.connection())
        .await
        .unwrap();
    let (one, two) = (NoteId::from(1), NoteId::from(2));
    let recent = q.orm().recent_all().await.unwrap();
    assert_eq!(
        recent.iter().map(|row| row.id).collect::<Vec<_>>(),
        [Some(two), Some(one)]
    );
    let newest = q.orm().newest().await.unwrap();
    assert_eq!((newest.id, newest.number), (Some(two), 7));
    let pairs = [(one, "a".to_owned()), (two, "a".to_owned())];
    assert_eq!(q.orm().among_pairs(&pairs).await.unwrap(), [one]);
    drop((q, server));
}
