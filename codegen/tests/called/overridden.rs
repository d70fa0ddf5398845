//! Types that the annotations name.

use super::pool;
use crate::compiled::types_may_be_overridden_by_annotations as overridden;

/// A type of the project for `bigint`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cents(i64);
xact::generated::id_type!(Cents, i64, "accounts.price");

/// A type of the project for `tsvector`, in its binary form.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words(Vec<u8>);

impl xact::sqlx::Type<xact::sqlx::Postgres> for Words {
    fn type_info() -> xact::sqlx::postgres::PgTypeInfo {
        xact::sqlx::postgres::PgTypeInfo::with_name("tsvector")
    }
}

impl xact::sqlx::postgres::PgHasArrayType for Words {
    fn array_type_info() -> xact::sqlx::postgres::PgTypeInfo {
        xact::sqlx::postgres::PgTypeInfo::with_name("_tsvector")
    }
}

impl xact::sqlx::Encode<'_, xact::sqlx::Postgres> for Words {
    fn encode_by_ref(
        &self,
        buffer: &mut xact::sqlx::postgres::PgArgumentBuffer,
    ) -> Result<xact::sqlx::encode::IsNull, xact::sqlx::error::BoxDynError> {
        buffer.extend_from_slice(&self.0);
        Ok(xact::sqlx::encode::IsNull::No)
    }
}

impl xact::sqlx::Decode<'_, xact::sqlx::Postgres> for Words {
    fn decode(
        value: xact::sqlx::postgres::PgValueRef<'_>,
    ) -> Result<Self, xact::sqlx::error::BoxDynError> {
        Ok(Self(value.as_bytes()?.to_vec()))
    }
}

#[tokio::test]
async fn types_that_the_annotations_name_are_read_and_written() {
    use overridden::notes::AccountsCreateParams;
    use overridden::types::AccountId;
    use xact::types::{PgCube, PgHstore, PgLTree};

    let (server, pool) = pool("types_may_be_overridden_by_annotations").await;
    let db = overridden::Database::new(pool);
    let settings = [("dark".to_owned(), true)].into();
    let labels = PgHstore([("a".to_owned(), None)].into());
    let tree: PgLTree = "top.below".parse().unwrap();
    let id = AccountId::from(1);
    let mut q = db.begin_admin().await.unwrap();
    let params = AccountsCreateParams {
        id,
        settings: &settings,
        extra: Some(&vec![1, 2]),
        email: "a@example.com",
        price: &Cents(995),
        labels: &labels,
        tree: &tree,
        name: "Ada",
        place: &PgCube::Point(1.5),
    };
    q.orm().accounts_create(params).await.unwrap();
    // One word of one letter, without a position.
    let words = Words(b"\0\0\0\x01a\0\0\0".to_vec());
    q.orm()
        .accounts_set_path(Some(&words), &settings, id)
        .await
        .unwrap();
    let account = q.orm().accounts_list().await.unwrap().remove(0);
    assert_eq!(
        (account.settings, account.extra),
        (settings, Some(vec![1, 2]))
    );
    assert_eq!((account.price, account.path), (Cents(995), Some(words)));
    assert_eq!((account.labels, account.tree), (labels, tree));
    assert_eq!(
        (account.name.as_str(), account.place),
        ("Ada", PgCube::Point(1.5))
    );
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_composite_has_a_type_of_the_project_beside_dates_of_chrono() {
    use crate::compiled::a_composite_may_have_a_type_of_the_project_beside_dates_of_chrono as mixed;
    use mixed::types::Stay;
    use xact::types::BigDecimal;
    use xact::types::chrono::{DateTime, NaiveDate};

    let (server, pool) =
        pool("a_composite_may_have_a_type_of_the_project_beside_dates_of_chrono").await;
    let mut q = mixed::Database::new(pool).begin_admin().await.unwrap();
    let words = || Words(b"\0\0\0\x01a\0\0\0".to_vec());
    let day = NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
    let at = DateTime::from_timestamp(1_736_154_000, 250_000_000).unwrap();
    let full = Stay {
        words: Some(words()),
        day: Some(day),
        at: Some(at),
        prices: Some(vec![Some(BigDecimal::from(7)), None]),
        all_words: Some(vec![None, Some(words())]),
        days: Some((day..).into()),
    };
    let empty = Stay {
        words: None,
        day: None,
        at: None,
        prices: None,
        all_words: None,
        days: None,
    };
    let stays = [full.clone(), empty.clone()];
    let mut orm = q.orm();
    let added = orm.trip_add(1.into(), &full, Some(&stays), day, at);
    added.await.unwrap();
    let trip = orm.trips_all().await.unwrap().remove(0);
    assert_eq!((trip.stay, trip.day), (full.clone(), day));
    assert_eq!(trip.stays, Some(vec![Some(full), Some(empty)]));
    // Dates are sentinels in JSON, and are read from them.
    let times = orm.trip_times().await.unwrap();
    let json = serde_json::to_value(&times).unwrap();
    assert_eq!(
        json[0]["at"],
        serde_json::json!({ "__sentinel": "timestamp", "value": "2025-01-06T09:00:00.250000+00:00" })
    );
    assert_eq!(json[0]["day"]["value"], "2025-01-06");
    let read: Vec<mixed::trips::TripTimesRow> = serde_json::from_value(json).unwrap();
    assert_eq!(read, times);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}
