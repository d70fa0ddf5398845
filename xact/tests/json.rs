//! Dates and timestamps in JSON are read back as values of their type, at any depth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{from_str, from_value, json, to_string, to_value};
use xact::json::{Date, LocalTimestamp, Timestamp, Value};
use xact::sqlx::{Row as _, query};
use xact::testing::TestDatabase;
use xact::types::{self, Json, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// A moment, given by its Unix time in nanoseconds, where clocks are so many seconds ahead of UTC.
fn moment(nanoseconds: i128, offset: i32) -> OffsetDateTime {
    let offset = UtcOffset::from_whole_seconds(offset).unwrap();
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .unwrap()
        .to_offset(offset)
}

fn day(julian: i32) -> types::Date {
    types::Date::from_julian_day(julian).unwrap()
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Story {
    title: String,
    #[serde(with = "xact::json::timestamp")]
    told_at: OffsetDateTime,
    #[serde(with = "xact::json::timestamp")]
    clock: PrimitiveDateTime,
    #[serde(with = "xact::json::timestamp", default)]
    ended_at: Option<OffsetDateTime>,
    #[serde(with = "xact::json::date")]
    days: Vec<Option<types::Date>>,
    #[serde(with = "xact::json::date")]
    named: BTreeMap<String, Vec<types::Date>>,
    chapters: Vec<(Timestamp, Story)>,
}

fn story(depth: i32) -> Story {
    let told_at = moment(1_736_154_000_250_000_000 + i128::from(depth), 3600 * depth);
    Story {
        title: format!("{depth} deep"),
        told_at,
        clock: PrimitiveDateTime::new(told_at.date(), told_at.time()),
        ended_at: (depth % 2 == 0).then_some(told_at),
        days: vec![Some(day(2_460_000 + depth)), None],
        named: BTreeMap::from([("holidays".to_owned(), vec![day(2_460_000)])]),
        chapters: if depth > 0 {
            vec![(Timestamp(told_at), story(depth - 1))]
        } else {
            vec![]
        },
    }
}

#[test]
fn a_timestamp_and_a_date_say_what_they_are() {
    let json = to_value(Story {
        chapters: vec![],
        ..story(1)
    })
    .unwrap();
    assert_eq!(
        json,
        json!({
            "title": "1 deep",
            "told_at": { "__sentinel": "timestamp", "value": "2025-01-06T10:00:00.250000001+01:00" },
            "clock": { "__sentinel": "timestamp", "value": "2025-01-06T10:00:00.250000001" },
            "ended_at": null,
            "days": [{ "__sentinel": "date", "value": "2023-02-25" }, null],
            "named": { "holidays": [{ "__sentinel": "date", "value": "2023-02-24" }] },
            "chapters": [],
        })
    );
}

#[test]
fn annotated_types_are_read_back_as_they_were_at_any_depth() {
    let written = story(5);
    let read: Story = from_str(&to_string(&written).unwrap()).unwrap();
    assert_eq!(read, written);
    // Not only the same moment: the same clock.
    assert_eq!(read.told_at.offset(), written.told_at.offset());
}

#[test]
fn a_free_form_value_reads_what_a_type_wrote_and_writes_the_same() {
    let json = to_value(story(3)).unwrap();
    let value: Value = from_value(json.clone()).unwrap();
    assert_eq!(to_value(&value).unwrap(), json);
    assert_eq!(
        from_value::<Story>(to_value(&value).unwrap()).unwrap(),
        story(3)
    );
    let Value::Object(object) = value else {
        panic!("{value:?}")
    };
    assert!(matches!(object["told_at"], Value::Timestamp(at) if at == story(3).told_at));
    assert!(matches!(object["clock"], Value::LocalTimestamp(at) if at == story(3).clock));
}

#[test]
fn every_moment_is_read_back() {
    const DAY: i128 = 86_400;
    let years_0_to_9999 = (-62_167_219_200 + DAY)..(253_402_300_800 - DAY);
    let mut seconds = years_0_to_9999.start;
    while seconds < years_0_to_9999.end {
        // Fractions that are zero, whole microseconds, and neither; offsets with minutes and seconds, east and west.
        let fraction = seconds.rem_euclid(1_000_000)
            * [0, 1_000, 997][usize::try_from(seconds.rem_euclid(3)).unwrap()];
        let offset = i32::try_from(seconds % 50_000).unwrap();
        let at = moment(seconds * 1_000_000_000 + fraction, offset);
        let clock = PrimitiveDateTime::new(at.date(), at.time());
        for value in [
            Value::Timestamp(at),
            Value::LocalTimestamp(clock),
            Value::Date(at.date()),
        ] {
            let text = to_string(&value).unwrap();
            assert_eq!(from_str::<Value>(&text).unwrap(), value, "{text}");
        }
        seconds += 97 * DAY + 12_345;
    }
}

#[test]
fn what_python_writes_is_read() {
    let read = |text: &str| {
        let json = json!({ "__sentinel": "timestamp", "value": text });
        from_value::<Timestamp>(json).unwrap().0
    };
    let at = moment(1_736_154_000_000_000_000, 0);
    // isoformat() of an aware datetime: without microseconds, with them, and in Amsterdam before 1937.
    assert_eq!(read("2025-01-06T09:00:00+00:00"), at);
    assert_eq!(read("2025-01-06T09:00:00.000001+00:00").nanosecond(), 1000);
    assert_eq!(read("2025-01-06T09:19:32+00:19:32"), at);
    assert_eq!(read("2025-01-06T08:40:28-00:19:32"), at);
    assert_eq!(
        read("2025-01-06T14:30:00+05:30").offset().whole_minutes(),
        330
    );
    // And JavaScript's toISOString().
    assert_eq!(read("2025-01-06T09:00:00.000Z"), at);
    let naive = json!({ "__sentinel": "timestamp", "value": "2025-01-06T09:00:00" });
    assert_eq!(from_value::<LocalTimestamp>(naive).unwrap().0.hour(), 9);
}

#[test]
fn what_is_no_sentinel_stays_what_it_is() {
    for json in [
        json!("2025-01-06T09:00:00+00:00"),
        json!({ "__sentinel": "money", "value": "12" }),
        json!({ "__sentinel": "date", "value": 12 }),
        json!({ "__sentinel": "date", "value": "someday" }),
        json!({ "__sentinel": "date", "value": "2025-01-06", "more": true }),
        json!({ "value": "2025-01-06" }),
        json!([null, true, 1, -1, 1.5, u64::MAX, "text", {}]),
    ] {
        let value: Value = from_value(json.clone()).unwrap();
        assert!(
            !matches!(value, Value::Date(_) | Value::Timestamp(_)),
            "{json}"
        );
        assert_eq!(to_value(value).unwrap(), json);
    }
}

#[test]
fn a_wrong_value_is_named() {
    let error = |json: serde_json::Value| from_value::<Timestamp>(json).unwrap_err().to_string();
    let wrong = json!({ "__sentinel": "timestamp", "value": "noon" });
    assert_eq!(error(wrong), "`noon` is not an ISO 8601 timestamp");
    let date = to_value(Date(day(2_460_000))).unwrap();
    assert_eq!(error(date), "`date` is not the sentinel `timestamp`");
    let naive = json!({ "__sentinel": "timestamp", "value": "2025-01-06T09:00:00" });
    assert_eq!(
        error(naive),
        "`2025-01-06T09:00:00` is not an ISO 8601 timestamp"
    );
    let error = to_string(&Date(day(0))).unwrap_err().to_string();
    assert_eq!(
        error,
        "a year without four digits, or an offset of a day and more, cannot be written as ISO 8601"
    );
}

#[tokio::test]
async fn a_json_column_gives_back_what_was_stored() {
    let test = TestDatabase::isolated_from(crate::test_databases::migrations())
        .await
        .unwrap();
    let mut connection = test.connect().await.unwrap();
    let free = Value::from(vec![
        Value::from(day(2_460_000)),
        Value::from(moment(0, 0)),
        Value::Null,
    ]);
    let row = query("SELECT $1::jsonb, $2::jsonb, ARRAY[$2]::jsonb[], $2::json")
        .bind(Json(story(2)))
        .bind(free.clone())
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(row.get::<Json<Story>, _>(0).0, story(2));
    assert_eq!(row.get::<Json<Value>, _>(1).0, free);
    assert_eq!(row.get::<Value, _>(1), free);
    assert_eq!(row.get::<Vec<Value>, _>(2), vec![free.clone()]);
    assert_eq!(row.get::<Value, _>(3), free);
}

#[test]
fn a_free_form_value_is_made_of_rust_values_and_of_any_json() {
    let made: Value = [
        ("on", Value::from(day(2_460_000))),
        ("at", Value::from(moment(0, 0))),
        ("of", Value::from(vec!["a", "b"])),
        ("how many", Value::from(vec![1_i64, -2])),
        ("rate", Value::from(0.5)),
        ("nothing", Value::from(f64::NAN)),
    ]
    .into_iter()
    .collect();
    let json = json!({
        "on": { "__sentinel": "date", "value": "2023-02-24" },
        "at": { "__sentinel": "timestamp", "value": "1970-01-01T00:00:00+00:00" },
        "of": ["a", "b"],
        "how many": [1, -2],
        "rate": 0.5,
        "nothing": null,
    });
    assert_eq!(serde_json::Value::try_from(made.clone()).unwrap(), json);
    assert_eq!(Value::from(json.clone()), made);
    assert_eq!(made["on"].as_date(), Some(day(2_460_000)));
    assert_eq!(made["of"][1].as_str(), Some("b"));
    assert!(made["of"][2].is_null() && made["none"]["deeper"].is_null());
}
