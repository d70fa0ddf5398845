//! Rows in OpenAPI documents: the schema of each type beside the JSON that serde writes for a row that was read.

use super::pool;
use crate::compiled::{
    dates_in_json_may_be_those_of_jiff as jiff, derives_and_names_of_rows_are_chosen as derived,
    every_type_that_serde_takes_has_a_schema as things, rows_of_a_stream_are_borrowed as borrowed,
};
use serde_json::{Value, json, to_value};
use things::things::{ThingCreateParams, ThingsChangeParams, ThingsPairsRow};
use things::types::{Price, Size, Thing, ThingId};
use utoipa::openapi::{ComponentsBuilder, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
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

/// Whether a value is one of the schema, as far as the schemas of generated types go.
fn fits(schemas: &Value, schema: &Value, value: &Value) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/components/schemas/").unwrap();
        assert!(
            schemas.get(name).is_some(),
            "`{name}` is not in the document"
        );
        return fits(schemas, &schemas[name], value);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices
            .iter()
            .filter(|one| fits(schemas, one, value))
            .count()
            == 1;
    }
    let types = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let labels = schema["enum"].as_array();
    if labels.is_some_and(|labels| !labels.contains(value)) {
        return false;
    }
    types.iter().any(|name| match (*name, value) {
        ("null", Value::Null) | ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) => true,
        ("integer", Value::Number(number)) => number.is_i64(),
        ("string", Value::String(text)) => has_format(text, schema["format"].as_str()),
        ("array", Value::Array(values)) => fits_array(schemas, schema, values),
        ("object", Value::Object(_)) => fits_object(schemas, schema, value),
        _ => false,
    })
}

fn fits_array(schemas: &Value, schema: &Value, values: &[Value]) -> bool {
    let each = |(at, value)| {
        let prefix = schema["prefixItems"].get(at);
        fits(schemas, prefix.unwrap_or(&schema["items"]), value)
    };
    values.iter().enumerate().all(each)
}

fn fits_object(schemas: &Value, schema: &Value, value: &Value) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    let mut required = required.filter_map(Value::as_str);
    let properties = schema["properties"].as_object().unwrap();
    let mut fields = value.as_object().unwrap().iter();
    required.all(|name| value.get(name).is_some())
        && fields.all(|(name, value)| {
            let property = properties.get(name);
            property.is_some_and(|property| fits(schemas, property, value))
        })
}

fn has_format(text: &str, format: Option<&str>) -> bool {
    let (dashes, colons) = (text.matches('-').count(), text.matches(':').count());
    match format {
        Some("date-time") => dashes == 2 && colons > 2 || text.ends_with('Z'),
        Some("date-time-local") => dashes == 2 && colons == 2 && text.contains('T'),
        Some("date") => dashes == 2 && text.len() == 10,
        Some("time-local") => dashes == 0 && colons == 2,
        Some("uuid") => text.parse::<Uuid>().is_ok(),
        Some("decimal") => text.parse::<Decimal>().is_ok(),
        None => true,
        Some(other) => panic!("`{other}` is not tested"),
    }
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

fn make_thing(id: u128) -> ThingCreateParams<'static> {
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

#[tokio::test]
async fn rows_of_every_type_fit_their_schemas() {
    let (server, pool) = pool("every_type_that_serde_takes_has_a_schema").await;
    let mut q = things::Database::new(pool).begin_admin().await.unwrap();
    let first = make_thing(1);
    check_fits(&first);
    q.orm().thing_create(first).await.unwrap();
    let prices = [Price {
        amount: Some(Decimal::new(-1, 1)),
        at: Some(OffsetDateTime::UNIX_EPOCH),
        since: Some(OffsetDateTime::UNIX_EPOCH.date()),
    }];
    let second = ThingCreateParams {
        parent_id: Some(ThingId::from(Uuid::from_u128(1))),
        note: Some("a note"),
        ended: Some(OffsetDateTime::UNIX_EPOCH),
        price: &prices[0],
        tags: &["a".to_owned()],
        prices: &prices,
        ..make_thing(2)
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
fn a_value_of_another_kind_does_not_fit() {
    let schemas = list_schemas::<Price>();
    let schema = read_schema::<Price>();
    for (value, is_right) in [
        (json!({ "amount": "1.5", "at": null }), true),
        (json!({ "amount": 1.5 }), false),
        (json!({ "at": "1970-01-01" }), false),
        (json!({ "other": null }), false),
    ] {
        assert_eq!(fits(&schemas, &schema, &value), is_right, "{value}");
    }
    assert!(!fits(
        &json!({}),
        &read_schema::<Size>(),
        &json!("VeryLarge")
    ));
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

#[test]
fn sentinels_are_objects() {
    let schemas = list_schemas::<jiff::trips::TripTimesRow>();
    let day = json!({ "__sentinel": "date", "value": "2025-01-06" });
    let moment = json!({ "__sentinel": "timestamp", "value": "2025-01-06T09:00:00+00:00" });
    let row = json!({ "id": 1, "day": day, "at": moment, "local": null, "days": [day, null] });
    let schema = &schemas["TripTimesRow"];
    assert!(fits(&schemas, schema, &row), "{schemas:#}");
    let text = json!({ "id": 1, "day": "2025-01-06", "at": moment, "local": null, "days": [] });
    assert!(!fits(&schemas, schema, &text));
}
