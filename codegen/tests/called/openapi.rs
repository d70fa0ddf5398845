//! Rows in OpenAPI documents: the schema of each type beside the JSON that serde writes for a row that was read.

use super::fits::fits;
use super::pool;
use crate::compiled::{
    dates_in_json_may_be_those_of_jiff as jiff, derives_and_names_of_rows_are_chosen as derived,
    every_type_that_serde_takes_has_a_schema as things, rows_of_a_stream_are_borrowed as borrowed,
};
use serde_json::{Value, json, to_value};
use things::things::{ThingCreateParams, ThingsChangeParams, ThingsPairsRow};
use things::types::{Price, Size, Thing, ThingId};
use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use xact::types::{Date, Decimal, JsonValue, OffsetDateTime, PrimitiveDateTime, Time, Uuid};

fn read_schema<T: PartialSchema>() -> Value {
    to_value(T::schema()).unwrap()
}

/// The schemas of a type, and of the types that it refers to.
fn list_schemas<T: ToSchema>() -> Value {
    let mut schemas = Vec::new();
    T::schemas(&mut schemas);
    schemas.push((T::name().into_owned(), T::schema()));
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    let document = OpenApiBuilder::new().components(Some(components)).build();
    to_value(document).unwrap()["components"]["schemas"].clone()
}

fn check_fits<T: ToSchema + serde::Serialize>(row: &T) {
    let schemas = list_schemas::<T>();
    let written = to_value(row).unwrap();
    assert!(
        fits(&schemas, &read_schema::<T>(), &written),
        "{written:#} {schemas:#}"
    );
}

const KEYS: &[Uuid] = &[Uuid::nil()];

const FREE: &Price = &Price {
    amount: None,
    at: None,
    since: None,
};

/// A price without nulls.
const ALL_PRICES: &[Price] = &[Price {
    amount: Some(Decimal::NEGATIVE_ONE),
    at: Some(OffsetDateTime::UNIX_EPOCH),
    since: Some(OffsetDateTime::UNIX_EPOCH.date()),
}];

pub(crate) fn make_thing(id: u128) -> ThingCreateParams<'static> {
    let moment = OffsetDateTime::UNIX_EPOCH;
    ThingCreateParams {
        id: ThingId::from(Uuid::from_u128(id)),
        parent_id: None,
        exact: Decimal::new(1050, 2),
        note: None,
        bytes: &[0, 255],
        key: Uuid::nil(),
        day: Date::MIN.replace_year(2025).unwrap(),
        time: Time::MIDNIGHT,
        local: PrimitiveDateTime::new(moment.date(), moment.time()),
        moment,
        ended: None,
        data: &JsonValue::Null,
        host: "10.0.0.1".parse().unwrap(),
        card: "01:02:03:04:05:06".parse().unwrap(),
        size: Size::VeryLarge,
        price: FREE,
        tags: &[],
        keys: KEYS,
        prices: &[],
    }
}

/// A child of the first thing, without nulls.
pub(crate) fn make_whole_thing(id: u128) -> ThingCreateParams<'static> {
    ThingCreateParams {
        parent_id: Some(ThingId::from(Uuid::from_u128(1))),
        note: Some("a note"),
        ended: Some(OffsetDateTime::UNIX_EPOCH),
        price: &ALL_PRICES[0],
        prices: ALL_PRICES,
        ..make_thing(id)
    }
}

/// A trip with sentinels, and one whose day is a text, which is none.
pub(crate) fn make_trips() -> [Value; 2] {
    let day = json!({ "__sentinel": "date", "value": "2025-01-06" });
    let moment = json!({ "__sentinel": "timestamp", "value": "2025-01-06T09:00:00+00:00" });
    [
        json!({ "id": 1, "day": day, "at": moment, "local": null, "days": [day, null] }),
        json!({ "id": 1, "day": "2025-01-06", "at": moment, "local": null, "days": [] }),
    ]
}

#[tokio::test]
async fn rows_of_every_type_fit_their_schemas() {
    let (server, pool) = pool("every_type_that_serde_takes_has_a_schema").await;
    let mut q = things::Database::new(pool).begin_admin().await.unwrap();
    let first = make_thing(1);
    check_fits(&first);
    q.orm().thing_create(first).await.unwrap();
    let second = ThingCreateParams {
        tags: &["a".to_owned()],
        ..make_whole_thing(2)
    };
    check_fits(&second);
    q.orm().thing_create(second).await.unwrap();
    let rows = q.orm().things_list().await.unwrap();
    assert_eq!(rows.len(), 2);
    rows.iter().for_each(check_fits::<Thing>);
    let pairs = q.orm().things_pairs().await.unwrap();
    assert_eq!(pairs[0].children.len(), 1);
    pairs.iter().for_each(check_fits::<ThingsPairsRow>);
    let change = ThingsChangeParams {
        ended: xact::Patch::Null,
        ..ThingsChangeParams::new(ThingId::from(Uuid::nil()))
    };
    check_fits(&change);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[test]
fn secrets_are_in_no_schema() {
    let names = |schema: Value| {
        let properties = schema["properties"].as_object().unwrap();
        properties.keys().cloned().collect::<Vec<_>>()
    };
    let user = ["born", "createdAt", "fullName", "id", "nicks", "role"];
    assert_eq!(names(read_schema::<derived::types::User>()), user);
    assert_eq!(
        names(read_schema::<derived::users::UsersSecretsRow>()),
        ["id"]
    );
    let params = read_schema::<derived::users::UserCreateParams<'_>>();
    assert_eq!(
        names(params),
        ["born", "created_at", "full_name", "id", "role"]
    );
    let row = read_schema::<borrowed::notes::NotesExportRow<'_>>();
    assert!(!names(row).contains(&"password".to_owned()));
}

#[test]
fn a_field_that_may_be_null_is_there_if_serde_only_writes() {
    let row = read_schema::<borrowed::notes::NotesExportRow<'_>>();
    assert_eq!(row["properties"]["body"]["type"], json!(["string", "null"]));
    assert!(row["required"].as_array().unwrap().contains(&json!("body")));
    let read = read_schema::<Thing>();
    assert!(
        !read["required"]
            .as_array()
            .unwrap()
            .contains(&json!("note"))
    );
}

/// utoipa adds no component for the type of a parameter, so that none may be named.
#[test]
fn parameters_of_routes_are_documented_without_components() {
    let params = to_value(ThingCreateParams::into_params(|| None)).unwrap();
    let text = params.to_string();
    assert!(!text.contains("$ref"), "{params:#}");
    let find = |name: &str| {
        let mut params = params.as_array().unwrap().iter();
        params.find(|param| param["name"] == name).unwrap()
    };
    for (name, required, schema) in [
        (
            "moment",
            true,
            json!({ "type": "string", "format": "date-time" }),
        ),
        ("note", false, json!({ "type": "string" })),
        (
            "size",
            true,
            json!({ "type": "string", "enum": ["small", "very large"] }),
        ),
        (
            "tags",
            true,
            json!({ "type": "array", "items": { "type": "string" } }),
        ),
    ] {
        let param = find(name);
        assert_eq!(
            (&param["in"], &param["required"]),
            (&json!("query"), &json!(required))
        );
        assert_eq!(param["schema"], schema, "{name}");
    }
    let prices = &find("prices")["schema"]["items"];
    assert_eq!(prices["properties"]["amount"]["format"], "decimal");
    let params = to_value(derived::users::UserCreateParams::into_params(|| None)).unwrap();
    let names = params
        .as_array()
        .unwrap()
        .iter()
        .map(|param| &param["name"]);
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["id", "created_at", "born", "full_name", "role"]
    );
}

#[test]
fn a_number_that_is_written_may_be_null() {
    let types = read_schema::<Thing>()["properties"]["near"]["type"].clone();
    assert_eq!(types, json!(["number", "null"]));
    let required = read_schema::<Thing>()["required"].clone();
    assert!(required.as_array().unwrap().contains(&json!("near")));
}

#[test]
fn sentinels_are_objects() {
    let schemas = list_schemas::<jiff::trips::TripTimesRow>();
    let [row, text] = make_trips();
    let schema = &schemas["TripTimesRow"];
    assert!(fits(&schemas, schema, &row), "{schemas:#}");
    assert!(!fits(&schemas, schema, &text));
}
