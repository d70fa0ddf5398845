//! Rows as JSON: values that serde writes or leaves out, and values that `Debug` hides.

use super::pool;
use crate::compiled::derives_and_names_of_rows_are_chosen as derived;
use derived::types::{OrderId, Price, Role, Total, TotalLine, User, UserCard, UserId};
use xact::types::{Decimal, OffsetDateTime};

#[tokio::test]
async fn rows_are_json_without_secrets() {
    let (server, pool) = pool("derives_and_names_of_rows_are_chosen").await;
    let mut q = derived::Database::new(pool).begin_admin().await.unwrap();
    let params = derived::users::UserCreateParams {
        id: UserId::from(1),
        created_at: OffsetDateTime::UNIX_EPOCH,
        born: None,
        full_name: "Ann",
        hashed_password: Some("$argon2id$"),
        role: Role::Admin,
    };
    assert!(!format!("{params:?}").contains("argon2id"), "{params:?}");
    let json = serde_json::to_string(&params).unwrap();
    assert!(!json.contains("argon2id"), "{json}");
    q.orm().user_create(params).await.unwrap();

    let users = q.orm().users_list().await.unwrap();
    assert_eq!(users[0].hashed_password.as_deref(), Some("$argon2id$"));
    let shown = format!("{:?}", users[0]);
    assert!(
        shown.contains("full_name: \"Ann\"") && shown.contains("hashed_password: …"),
        "{shown}"
    );
    let json = r#"{"id":1,"createdAt":"1970-01-01T00:00:00+00:00","born":null,"fullName":"Ann","role":"admin","nicks":[]}"#;
    assert_eq!(serde_json::to_string(&users[0]).unwrap(), json);
    let posted = json.replace("\"Ann\"", "\"Ann\",\"hashedPassword\":\"x\"");
    let read: User = serde_json::from_str(&posted).unwrap();
    assert_eq!(read.hashed_password.as_deref(), Some("x"));
    let params = derived::users::UsersChangeParams {
        hashed_password: xact::Patch::Set("$argon2i$"),
        ..derived::users::UsersChangeParams::new(UserId::from(1))
    };
    assert!(!format!("{params:?}").contains("argon2i"), "{params:?}");
    let json = serde_json::to_string(&params).unwrap();
    assert!(!json.contains("argon2i"), "{json}");
    assert_eq!(q.orm().users_change(params).await.unwrap(), 1);
    let secrets = q.orm().users_secrets().await.unwrap();
    assert!(format!("{:?}", secrets[0]).contains("pair: …"));
    assert_eq!(serde_json::to_string(&secrets[0]).unwrap(), r#"{"id":1}"#);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn queries_with_equal_rows_share_a_named_struct() {
    let (server, pool) = pool("derives_and_names_of_rows_are_chosen").await;
    let mut q = derived::Database::new(pool).begin_admin().await.unwrap();
    let (id, total) = (UserId::from(1), Decimal::new(1050, 2));
    let params = derived::users::UserCreateParams {
        id,
        created_at: OffsetDateTime::UNIX_EPOCH,
        born: None,
        full_name: "Ann",
        hashed_password: None,
        role: Role::User,
    };
    q.orm().user_create(params).await.unwrap();
    let price = Price {
        amount: Some(total),
        at: Some(OffsetDateTime::UNIX_EPOCH),
    };
    let mut orm = q.orm();
    orm.order_create(OrderId::from(7), id, total, None, Some(&price))
        .await
        .unwrap();
    let cards: [Vec<UserCard>; 2] = [
        q.orm().user_cards().await.unwrap(),
        q.orm().order_users().await.unwrap(),
    ];
    assert_eq!(cards[0], cards[1]);
    let totals = q.orm().totals().await.unwrap();
    let expected = Total {
        full_name: "Ann".to_owned(),
        lines: vec![TotalLine { total }],
    };
    assert_eq!(totals, [expected]);
    let orders = q.orm().orders_list().await.unwrap();
    let json = r#"{"id":7,"userId":1,"total":"10.50","paidAt":null,"price":{"amount":"10.50","at":"1970-01-01T00:00:00+00:00"}}"#;
    assert_eq!(serde_json::to_string(&orders[0]).unwrap(), json);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
