//! Types of the project: those that are generated, and those that have only sqlx's `Decode`.

use xact::sqlx::error::BoxDynError;
use xact::sqlx::postgres::{PgTypeInfo, PgValueRef};
use xact::sqlx::{Decode, Postgres, Type, raw_sql};
use xact::types::OffsetDateTime;

use super::{begin, query};

/// As a type of a project is that knows sqlx alone.
#[derive(Debug, PartialEq)]
struct Score(i32);

impl Type<Postgres> for Score {
    fn type_info() -> PgTypeInfo {
        i32::type_info()
    }
}

impl<'r> Decode<'r, Postgres> for Score {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        i32::decode(value).map(Self)
    }
}

#[derive(Debug, PartialEq)]
struct Stay {
    room: Option<i32>,
    until: Option<OffsetDateTime>,
}
xact::generated::composite_type!(Stay, "pg_temp.stay", "pg_temp.stay[]", { room, until });

#[derive(Debug, PartialEq)]
struct Rating {
    score: Option<Score>,
    at: Option<OffsetDateTime>,
}

impl<'q> xact::sqlx::Encode<'q, Postgres> for Score {
    fn encode_by_ref(
        &self,
        buffer: &mut xact::sqlx::postgres::PgArgumentBuffer,
    ) -> Result<xact::sqlx::encode::IsNull, BoxDynError> {
        <i32 as xact::sqlx::Encode<'q, Postgres>>::encode_by_ref(&self.0, buffer)
    }
}
xact::generated::composite_type!(Rating, "pg_temp.rating", "pg_temp.rating[]", {
    score: Option<Score>,
    at: Option<OffsetDateTime>,
});

async fn types(q: &mut xact::Xact<crate::orm::Admin>) {
    for sql in [
        "CREATE TYPE pg_temp.stay AS (room int, until timestamptz)",
        "CREATE TYPE pg_temp.rating AS (score int, at timestamptz)",
        "CREATE DOMAIN pg_temp.room AS int",
    ] {
        raw_sql(sql).execute(q.connection()).await.unwrap();
    }
}

#[tokio::test]
async fn a_type_with_sqlx_decode_alone_is_read_by_it() {
    let mut q = begin().await;
    let read = query("SELECT 7".to_owned(), &[]);
    let mut orm = q.orm();
    let call = orm.run.one(read.arguments(), |row| {
        let known = xact::generated::read_column!(row, 0, Option<i32>)?;
        let of_project = xact::generated::read_column!(row, 0, Option<Score>)?;
        Ok((known, of_project))
    });
    assert_eq!(call.await.unwrap(), (Some(7), Some(Score(7))));
    let infinite = query("SELECT 'infinity'::timestamptz".to_owned(), &[]);
    let call = orm.run.one(infinite.arguments(), |row| {
        xact::generated::read_column!(row, 0, OffsetDateTime)
    });
    assert!(call.await.unwrap_err().is_unreadable_value());
}

#[tokio::test]
async fn a_composite_is_read_field_by_field() {
    let mut q = begin().await;
    types(&mut q).await;
    let stay = |until: &str| query(format!("SELECT ROW(1, {until})::pg_temp.stay"), &[]);
    let none = stay("NULL");
    let mut orm = q.orm();
    let call = orm.run.one(none.arguments(), |row| row.get::<Stay>(0));
    let (room, until) = (Some(1), None);
    assert_eq!(call.await.unwrap(), Stay { room, until });
    let infinite = stay("'infinity'");
    let call = orm.run.one(infinite.arguments(), |row| row.get::<Stay>(0));
    let error = call.await.unwrap_err();
    assert!(error.to_string().contains("infinity"), "{error}");
    let all = query(
        "SELECT ARRAY[ROW(1, NULL)::pg_temp.stay, NULL]".to_owned(),
        &[],
    );
    let call = orm
        .run
        .one(all.arguments(), |row| row.get::<Vec<Option<Stay>>>(0));
    assert_eq!(call.await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_composite_beside_types_of_the_project_is_read_too() {
    let mut q = begin().await;
    types(&mut q).await;
    let rating = |at: &str| query(format!("SELECT ROW(5, {at})::pg_temp.rating"), &[]);
    let none = rating("NULL");
    let mut orm = q.orm();
    let call = orm.run.one(none.arguments(), |row| {
        xact::generated::read_column!(row, 0, Rating)
    });
    let (score, at) = (Some(Score(5)), None);
    assert_eq!(call.await.unwrap(), Rating { score, at });
    let infinite = rating("'-infinity'");
    let call = orm.run.one(infinite.arguments(), |row| {
        xact::generated::read_column!(row, 0, Rating)
    });
    let error = call.await.unwrap_err();
    assert!(error.to_string().contains("infinity"), "{error}");
}

#[tokio::test]
async fn elements_of_a_domain_are_those_of_its_base() {
    let mut q = begin().await;
    types(&mut q).await;
    let rooms = query("SELECT ARRAY[1, 2]::pg_temp.room[]".to_owned(), &[]);
    let mut orm = q.orm();
    let call = orm.run.one(rooms.arguments(), |row| row.get::<Vec<i32>>(0));
    assert_eq!(call.await.unwrap(), [1, 2]);
}
