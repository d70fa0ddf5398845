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
