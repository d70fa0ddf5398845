//! Rows in JSON Schemas: the schema of each type beside the JSON that serde writes for a row that was read, and reads back.

use super::fits::fits;
use super::openapi::{make_thing, make_trips, make_whole_thing};
use super::pool;
use crate::compiled::{
    dates_in_json_may_be_those_of_jiff as jiff, derives_and_names_of_rows_are_chosen as derived,
    every_type_that_serde_takes_has_a_schema as things,
};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json, to_value};
use things::offers::OfferCreateParams;
use things::things::{ThingsAtParams, ThingsChangeParams, ThingsOfParams};
use things::things::{ThingsPairsRow, ThingsPairsRowTime};
use things::types::{Offer, OfferId, Price, Size, Thing, ThingId};
use xact::types::{Date, Decimal, MaybeInfinite, OffsetDateTime, Uuid};

/// The schema of the JSON that serde writes.
fn read_written<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>().into()
}

/// The schema of the JSON that serde reads.
fn read_accepted<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    settings.into_generator().into_root_schema_for::<T>().into()
}

fn assert_fits(schema: &Value, written: &Value) {
    let is_right = fits(&schema["$defs"], schema, written);
    assert!(is_right, "{written:#} {schema:#}");
}

fn check_written<T: JsonSchema + serde::Serialize>(value: &T) -> Value {
    let written = to_value(value).unwrap();
    assert_fits(&read_written::<T>(), &written);
    written
}

/// Checks that serde reads the value back, and that the schema of what it reads allows it.
fn check_read<T>(value: &T)
where
    T: JsonSchema + serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let written = check_written(value);
    assert_fits(&read_accepted::<T>(), &written);
    assert_eq!(serde_json::from_value::<T>(written).unwrap(), *value);
}

#[tokio::test]
async fn rows_of_every_type_fit_their_json_schemas() {
    let (server, pool) = pool("every_type_that_serde_takes_has_a_schema").await;
    let mut q = things::Database::new(pool).begin_admin().await.unwrap();
    let first = make_thing(1);
    check_written(&first);
    q.orm().thing_create(first).await.unwrap();
    let second = make_whole_thing(2);
    check_written(&second);
    q.orm().thing_create(second).await.unwrap();
    let rows = q.orm().things_list().await.unwrap();
    assert_eq!(rows.len(), 2);
    rows.iter().for_each(check_read::<Thing>);
    let pairs = q.orm().things_pairs().await.unwrap();
    assert_eq!(pairs[0].children.len(), 1);
    pairs.iter().for_each(check_read::<ThingsPairsRow>);
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn infinities_fit_their_json_schemas() {
    let (server, pool) = pool("every_type_that_serde_takes_has_a_schema").await;
    let mut q = things::Database::new(pool).begin_admin().await.unwrap();
    let finite = MaybeInfinite::Finite(OffsetDateTime::UNIX_EPOCH);
    for (id, valid_until, valid_on, score) in [
        (1, MaybeInfinite::Infinity, None, f64::INFINITY),
        (2, finite, Some(MaybeInfinite::NegativeInfinity), f64::NAN),
        (3, finite, Some(MaybeInfinite::Finite(Date::MAX)), 0.5),
    ] {
        let params = OfferCreateParams {
            id: OfferId::from(id),
            valid_until: &valid_until,
            valid_on: valid_on.as_ref(),
            score,
            scores: &[f32::NEG_INFINITY, 1.5],
            note: "",
        };
        check_written(&params);
        q.orm().offer_create(params).await.unwrap();
    }
    let rows = q.orm().offers_list().await.unwrap();
    let written: Vec<Value> = rows.iter().map(check_written::<Offer>).collect();
    assert_eq!(written[0]["valid_until"], "infinity");
    assert_eq!(written[1]["valid_on"], "-infinity");
    // serde_json has no other value for them, so that it cannot read them back.
    assert_eq!(
        (&written[0]["score"], &written[1]["score"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(written[2]["scores"], json!([null, 1.5]));
    assert!(serde_json::from_value::<Offer>(written[0].clone()).is_err());
    let accepted = read_accepted::<Offer>();
    assert_eq!(accepted["properties"]["score"]["type"], "number");
    q.rollback().await.unwrap();
    server.stop().await.unwrap();
}

#[test]
fn slices_of_parameters_fit_their_json_schemas() {
    let moments = [OffsetDateTime::UNIX_EPOCH];
    let params = ThingsAtParams {
        after: ThingId::from(Uuid::nil()),
        moments: &moments,
        days: &[moments[0].date()],
        amounts: &[Decimal::new(150, 2)],
        sizes: &[Size::VeryLarge],
        below: 0.5,
    };
    let written = check_written(&params);
    assert_eq!(written["moments"], json!(["1970-01-01T00:00:00+00:00"]));
    assert_eq!(written["amounts"], json!(["1.50"]));
    let part = ThingsOfParams {
        moments: Some(&moments),
        ..ThingsOfParams::new(params.after)
    };
    assert_eq!(check_written(&part)["moments"], written["moments"]);
    let change = ThingsChangeParams {
        ended: xact::Patch::Null,
        ..ThingsChangeParams::new(params.after)
    };
    // A part that is left out is no field.
    assert_eq!(check_written(&change).as_object().unwrap().len(), 3);
}

#[test]
fn a_value_of_another_kind_does_not_fit_a_json_schema() {
    let schema = read_accepted::<Price>();
    for (value, is_right) in [
        (json!({ "amount": "1.5", "at": null }), true),
        (json!({ "amount": 1.5 }), false),
        (json!({ "at": "1970-01-01" }), false),
        (json!({ "other": null }), false),
    ] {
        assert_eq!(fits(&schema["$defs"], &schema, &value), is_right, "{value}");
    }
    // A field that may be null is always written, and may be missing where it is read.
    assert_eq!(
        read_written::<Price>()["required"],
        json!(["amount", "at", "since"])
    );
    assert_eq!(schema["required"], Value::Null);
    let time = read_written::<ThingsPairsRowTime>();
    assert_eq!(
        time["properties"]["moment"],
        json!({ "type": "string", "format": "date-time" })
    );
}

#[test]
fn a_secret_is_in_the_schema_of_a_type_that_serde_reads_alone() {
    use derived::users::UserCreateParams as Params;
    let has = |schema: Value, name: &str| schema["properties"].get(name).is_some();
    // `User` is read by serde too, where the secret has to be.
    assert!(!has(
        read_written::<derived::types::User>(),
        "hashedPassword"
    ));
    assert!(has(
        read_accepted::<derived::types::User>(),
        "hashedPassword"
    ));
    for schema in [read_written::<Params>(), read_accepted::<Params>()] {
        assert!(!has(schema.clone(), "hashed_password"), "{schema:#}");
        assert!(has(schema, "full_name"));
    }
}

#[test]
fn sentinels_are_objects_in_a_json_schema() {
    let schema = read_written::<jiff::trips::TripTimesRow>();
    let [row, text] = make_trips();
    assert!(fits(&schema["$defs"], &schema, &row), "{schema:#}");
    assert!(!fits(&schema["$defs"], &schema, &text));
}
