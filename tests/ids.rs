//! Ids are unique, sort by the time they were made, and are taken for those of their table only.

use std::collections::HashSet;
use std::str::FromStr;

use database::Constraint;
use database::types::{
    BookmarkClusterId, BookmarkId, ClusterId, ImportJobId, MembershipId, OrganizationId, PersonaId,
    UserId, UserPreferenceId,
};
use xact::sqlx::query_scalar;
use xact::types::InvalidId;
use xact::{Id, NewId as _};

use crate::world::{ADA, World, texts};

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
            .fetch_one(q.connection())
            .await
            .unwrap();
        ids.push(id);
    }
    assert!(ids.is_sorted());
    let sorted = "SELECT id FROM organizations WHERE slug LIKE 'new-%' ORDER BY id";
    assert_eq!(texts(q.connection(), sorted.to_owned()).await, ids);
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
    let error = xact::sqlx::query(sql)
        .execute(q.connection())
        .await
        .unwrap_err();
    let error = xact::Error::from(error);
    assert_eq!(error.constraint(), Some(Constraint::OrganizationsIdCheck));
}

#[test]
fn an_id_with_a_wrong_prefix_is_refused_when_parsed() {
    assert_eq!("usr_ada".parse::<UserId>().unwrap().as_str(), "usr_ada");
    for text in ["org_ada", "USR_ADA", " usr_ada", "usr", "ada", ""] {
        let expected = InvalidId::new("users.id", "usr_");
        assert_eq!(text.parse::<UserId>(), Err(expected), "{text:?}");
    }
}

/// The column of an id type, and whether the type takes a text.
type Taker = (&'static str, fn(&str) -> bool);

fn taker<T: Id + FromStr>() -> Taker {
    (T::COLUMN, |text| text.parse::<T>().is_ok())
}

fn takers() -> [Taker; 9] {
    [
        taker::<BookmarkClusterId>(),
        taker::<BookmarkId>(),
        taker::<ClusterId>(),
        taker::<ImportJobId>(),
        taker::<MembershipId>(),
        taker::<OrganizationId>(),
        taker::<PersonaId>(),
        taker::<UserPreferenceId>(),
        taker::<UserId>(),
    ]
}

#[tokio::test]
async fn an_id_of_one_table_is_parsed_as_such_and_as_none_of_another() {
    let world = World::seeded().await;
    let mut owner = world.owner().await;
    let tables = world.tables().await;
    assert_eq!(tables.len(), takers().len());
    for table in tables {
        let own = format!("{}.id", table.name);
        let ids = texts(&mut owner, format!("SELECT id FROM {}", table.name)).await;
        assert_ne!(ids, [""; 0], "{own}");
        for id in ids {
            for (column, takes) in takers() {
                assert_eq!(takes(&id), column == own, "{id} as one of {column}");
            }
        }
    }
}

#[tokio::test]
async fn a_foreign_key_carries_the_id_type_of_its_target() {
    let world = World::seeded().await;
    let mut q = world.customer(ADA).await;
    let listed = q.orm().bookmark_clusters_list(&ADA.organization()).await;
    let in_cluster = listed.unwrap().remove(0);
    let bookmark = q.orm().bookmarks_get(&in_cluster.bookmark_id).await;
    let job_id: Option<ImportJobId> = bookmark.unwrap().unwrap().import_job_id;
    let job = q.orm().import_jobs_get(&job_id.unwrap()).await;
    let organization_id: OrganizationId = job.unwrap().unwrap().organization_id;
    assert_eq!(organization_id, ADA.organization());

    let cluster = q.orm().clusters_get(&in_cluster.cluster_id).await;
    let members = q
        .orm()
        .memberships_list(&cluster.unwrap().unwrap().organization_id)
        .await;
    let user_id: UserId = members.unwrap().remove(0).user_id;
    assert_eq!(user_id, ADA.user());
    assert!(q.orm().users_get(&user_id).await.unwrap().is_some());
    q.commit().await.unwrap();
}

#[tokio::test]
async fn ids_made_in_rust_and_in_the_database_sort_in_the_order_they_were_made() {
    let world = World::empty().await;
    let mut owner = world.owner().await;
    let mut ids: Vec<OrganizationId> = Vec::new();
    for n in 0..100 {
        let sql = "INSERT INTO organizations (id, name, slug) \
            VALUES (COALESCE($1, generate_id('org')), 'New', 'new-' || $2) RETURNING id";
        let made_in_rust = (n % 2 == 0).then(OrganizationId::generate);
        let id = query_scalar(sql)
            .bind(made_in_rust)
            .bind(n.to_string())
            .fetch_one(&mut owner)
            .await
            .unwrap();
        ids.push(id);
    }
    let microseconds = "org_".len() + 16;
    assert!(
        ids.is_sorted_by_key(|id| &id.as_str()[..microseconds]),
        "{ids:?}"
    );
}
