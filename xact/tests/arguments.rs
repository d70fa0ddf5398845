//! Arguments travel under the types that Postgres inferred at generation.

use xact::generated::Query;
use xact::sqlx::encode::{Encode, IsNull};
use xact::sqlx::error::BoxDynError;
use xact::sqlx::postgres::{PgArgumentBuffer, PgHasArrayType, PgTypeInfo, PgValueRef};
use xact::sqlx::{Decode, Postgres, Type};
use xact::types::{Json, JsonValue};

use crate::orm::{Admin, customer};
use crate::server::pool;

/// A Postgres enum as generated code writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mood {
    Calm,
    Busy,
}

impl Type<Postgres> for Mood {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("public.mood")
    }
}

impl PgHasArrayType for Mood {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::array_of("public.mood")
    }
}

impl Encode<'_, Postgres> for Mood {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let label = if *self == Self::Calm { "calm" } else { "busy" };
        Encode::<Postgres>::encode_by_ref(&label, buffer)
    }
}

impl<'r> Decode<'r, Postgres> for Mood {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        match value.as_str()? {
            "calm" => Ok(Self::Calm),
            "busy" => Ok(Self::Busy),
            other => Err(format!("`{other}` is not a `mood`").into()),
        }
    }
}

static MOODS: Query = Query {
    name: "moods",
    file: "queries/moods.sql",
    sql: "INSERT INTO users (email, mood) SELECT m::text, m FROM unnest($1::mood[]) m WHERE m <> $2 RETURNING mood",
    parameters: &[0, 0],
    columns: &[0],
    names: "",
};

#[tokio::test]
async fn enums_of_the_project_travel_alone_and_in_arrays() {
    let pool = pool().await;
    let moods: &[Mood] = &[Mood::Calm, Mood::Busy];
    // Twice, for the second call finds the statement prepared and the element type known.
    for _ in 0..2 {
        let mut q = pool.begin(Admin).await.unwrap();
        let mut orm = q.orm();
        let arguments = MOODS.arguments().push(moods).push(Mood::Calm);
        assert_eq!(
            orm.run
                .many(arguments, |row| row.decode::<Mood>(0))
                .await
                .unwrap(),
            [Mood::Busy]
        );
        q.rollback().await.unwrap();
    }
}

static BOTH: Query = Query {
    name: "both",
    file: "queries/moods.sql",
    sql: "SELECT ARRAY[$1::mood, NULL] || $2::mood[]",
    parameters: &[0, 0],
    columns: &[0],
    names: "",
};

#[tokio::test]
async fn arrays_of_enums_may_hold_null_and_be_empty() {
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let arguments = BOTH
        .arguments()
        .push(Some(Mood::Calm))
        .push(Vec::<Option<Mood>>::new());
    let found = orm
        .run
        .one(arguments, |row| row.decode::<Vec<Option<Mood>>>(0))
        .await
        .unwrap();
    assert_eq!(found, [Some(Mood::Calm), None]);
    let arguments = BOTH
        .arguments()
        .push(None::<Mood>)
        .push(vec![None, Some(Mood::Busy)]);
    let found = orm
        .run
        .one(arguments, |row| row.decode::<Vec<Option<Mood>>>(0))
        .await
        .unwrap();
    assert_eq!(found, [None, None, None, Some(Mood::Busy)]);
}

#[tokio::test]
async fn a_role_without_rights_may_use_enums_too() {
    let mut q = pool().await.begin(customer("ada")).await.unwrap();
    let mut orm = q.orm();
    let arguments = BOTH.arguments().push(Mood::Busy).push(vec![Mood::Calm]);
    assert_eq!(
        orm.run
            .one(arguments, |row| row.decode::<Vec<Option<Mood>>>(0))
            .await
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn text_travels_as_whatever_text_like_type_was_declared() {
    static NAME: Query = Query {
        name: "name",
        file: "queries/q.sql",
        sql: "SELECT pg_typeof($1)::text || pg_typeof($2)::text || pg_typeof($3)::text",
        parameters: &[1043, 19, 114],
        columns: &[25],
        names: "",
    };
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let arguments = NAME
        .arguments()
        .push("a")
        .push("b")
        .push(Json(JsonValue::Null));
    let found = orm
        .run
        .one(arguments, |row| row.get::<String>(0))
        .await
        .unwrap();
    assert_eq!(found, "character varyingnamejson");
}

struct Unencodable;

impl Encode<'_, Postgres> for Unencodable {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Err("too odd".into())
    }
}

#[tokio::test]
async fn a_value_that_cannot_be_encoded_names_the_query_and_the_parameter() {
    static PAIR: Query = Query {
        name: "pair",
        file: "queries/q.sql",
        sql: "SELECT $1 + $2",
        parameters: &[23, 23],
        columns: &[23],
        names: "",
    };
    let mut q = pool().await.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let error = orm
        .run
        .execute(PAIR.arguments().push(1).push(Unencodable))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "query `pair` (queries/q.sql): parameter $2 cannot be encoded: \
        the reason may hold the value, and is in `Error::sensitive_source`"
    );
    assert_eq!(error.sensitive_source().unwrap().to_string(), "too odd");
    // Nothing was sent: the transaction goes on.
    let sum = orm
        .run
        .one(PAIR.arguments().push(1).push(2), |row| row.get::<i32>(0))
        .await
        .unwrap();
    assert_eq!(sum, 3);
    q.commit().await.unwrap();
}
