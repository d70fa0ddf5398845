//! Ids, labels of enum tables, and settings that are ids.

use super::pool;
use crate::compiled::{
    ids_and_enum_tables_become_rust_types as ids, settings_may_be_ids as settings,
};
use xact::types::Uuid;

#[tokio::test]
async fn ids_and_labels_survive_alone_and_in_arrays() {
    use ids::notes::AsParametersParams;
    use ids::types::{JobId, OrganizationId, Status, TicketId};

    let (server, pool) = pool("ids_and_enum_tables_become_rust_types").await;
    let db = ids::Database::new(pool);
    let mut q = db.begin_admin().await.unwrap();
    let insert = "WITH o AS (INSERT INTO organizations VALUES ('org_a', NULL), ('org_b', 'org_a')) \
        INSERT INTO jobs VALUES (1, 'org_a', 'open'), (2, 'org_a', 'closed')";
    xact::sqlx::query(insert)
        .execute(q.connection())
        .await
        .unwrap();
    let organization: OrganizationId = "org_a".parse().unwrap();
    let ticket = TicketId::from(Uuid::from_u128(5));
    let none = Vec::new();
    q.orm()
        .tickets_create(&organization, Some(JobId::from(2)), &[ticket], &none)
        .await
        .unwrap();
    let tickets = q.orm().tickets_list().await.unwrap();
    assert_eq!(
        (tickets[0].ticket_id, tickets[0].job_id),
        (ticket, Some(JobId::from(2)))
    );
    assert_eq!(tickets[0].job_status, Some(Status::Closed));
    let rows = q
        .orm()
        .through_views_and_subqueries(&organization)
        .await
        .unwrap();
    assert_eq!(rows[0].ticket_ids, [ticket]);
    let changed = q
        .orm()
        .jobs_set_status(Some(Status::Closed), JobId::from(1))
        .await;
    assert_eq!(changed.unwrap(), 1);
    let found = q
        .orm()
        .as_parameters(AsParametersParams {
            organization_id: &organization,
            statuses: Status::ALL,
            first_id: JobId::from(1),
            second_id: JobId::from(2),
            after_id: JobId::from(0),
            after_status: Status::Closed,
            ancestor_id: &organization,
        })
        .await
        .unwrap();
    assert_eq!(found.len(), 2);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_setting_has_the_text_of_its_typed_value() {
    use settings::types::{SiteId, UserId};

    let (server, pool) = pool("settings_may_be_ids").await;
    let db = settings::Database::new(pool);
    let user = UserId::from("ada");
    let mut q = db
        .begin_tenant(&user, SiteId::from(7), -1, "any")
        .await
        .unwrap();
    let read = "SELECT concat_ws('|', current_setting('app.user_id'), current_setting('app.site_id'), \
        current_setting('app.number'), current_setting('app.anything'))";
    let found: String = xact::sqlx::query_scalar(read)
        .fetch_one(q.connection())
        .await
        .unwrap();
    assert_eq!(found, "ada|7|-1|any");
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
