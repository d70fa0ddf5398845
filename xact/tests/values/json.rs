//! JSON keeps every digit of every number, as Postgres does, at any depth that is read.

use serde::{Deserialize, Serialize};
use xact::Xact;
use xact::json::{Number, Value};
use xact::types::Json;

use super::{begin, query, read, refuse, write};
use crate::orm::Admin;

/// The value with this text, read, and its text when it was sent back.
async fn there_and_back(q: &mut Xact<Admin>, pg_type: &str, text: &str) -> (Value, String) {
    let query = query(format!("SELECT $1::text::{pg_type}"), &[25]);
    let mut orm = q.orm();
    let arguments = query.arguments().push(text);
    let call = orm.run.one(arguments, |row| row.get::<Value>(0));
    let value = call.await.unwrap_or_else(|error| panic!("{text}: {error}"));
    let back = write(q, pg_type, &value).await.unwrap();
    // sqlx has a space for `json` where `jsonb` has its version.
    (value, back.trim_start().to_owned())
}

#[tokio::test]
async fn numbers_of_any_size_are_written_back_as_they_were() {
    let q = &mut begin().await;
    for text in [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "0.1234567890123456789012",
        "1.50",
        "1.0",
        "100.000",
    ] {
        assert_eq!(there_and_back(q, "jsonb", text).await.1, text);
        assert_eq!(there_and_back(q, "json", text).await.1, text);
    }
    for text in ["1e400", "-0", "1E5", "1e1000", "1e-400", "-0.0e+0"] {
        assert_eq!(there_and_back(q, "json", text).await.1, text);
    }
    let (large, back) = there_and_back(q, "jsonb", "1e400").await;
    assert_eq!(back.len(), 401);
    assert_eq!(large.as_f64(), None);
}

/// Random JSON.
fn random(rng: &mut fastrand::Rng, depth: u8) -> String {
    match rng.u8(if depth == 0 { 0..5 } else { 0..8 }) {
        0 => "null".to_owned(),
        1 => rng.bool().to_string(),
        2 => rng.i64(..).to_string(),
        3 => {
            let digits = |rng: &mut fastrand::Rng| -> String {
                let count = rng.usize(1..40);
                (0..count).map(|_| rng.digit(10)).collect()
            };
            let (whole, fraction) = (digits(rng), digits(rng));
            format!(
                "-{}.{fraction}",
                whole.trim_start_matches('0').to_owned() + "7"
            )
        }
        4 => {
            let letters = ["a", "\\\"", "\\\\", "é", "🦀", "\\n", "\\u0001", "/", " "];
            let count = rng.usize(..6);
            let text: String = (0..count)
                .map(|_| letters[rng.usize(..letters.len())])
                .collect();
            format!("\"{text}\"")
        }
        5 | 6 => {
            let values: Vec<_> = (0..rng.usize(..4))
                .map(|_| random(rng, depth - 1))
                .collect();
            format!("[{}]", values.join(", "))
        }
        _ => {
            let one = |rng: &mut fastrand::Rng| {
                let key = ["a", "b c", "__sentinel", "value"][rng.usize(..4)];
                format!("\"{key}\": {}", random(rng, depth - 1))
            };
            let values: Vec<_> = (0..rng.usize(..4)).map(|_| one(rng)).collect();
            format!("{{{}}}", values.join(", "))
        }
    }
}

#[tokio::test]
async fn random_documents_are_written_back_as_they_were() {
    let q = &mut begin().await;
    let rng = &mut fastrand::Rng::with_seed(7);
    let canonical = query("SELECT ($1::text::jsonb)::text".to_owned(), &[25]);
    for _ in 0..300 {
        let text = random(rng, 4);
        let (_, back) = there_and_back(q, "jsonb", &text).await;
        let mut orm = q.orm();
        let arguments = canonical.arguments().push(text.as_str());
        let call = orm.run.one(arguments, |row| row.get::<String>(0));
        assert_eq!(back, call.await.unwrap(), "{text}");
    }
}

#[tokio::test]
async fn a_document_that_is_too_deep_is_an_error() {
    let q = &mut begin().await;
    let nested = |levels| format!("(repeat('[', {levels}) || repeat(']', {levels}))::jsonb");
    assert!(read::<Value>(q, &nested(128)).await.is_ok());
    for levels in [129, 5000] {
        refuse::<Value>(q, &nested(levels), "the JSON does not fit").await;
        refuse::<Json<serde_json::Value>>(q, &nested(levels), "the JSON does not fit").await;
    }
    let deep = "[".repeat(1_000_000);
    assert!(deep.parse::<Value>().is_err());
}

#[test]
fn numbers_keep_their_digits_within_a_type_of_the_project() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Payment {
        amount: Value,
        #[serde(default)]
        more: Vec<Value>,
    }
    let json = r#"{"amount":123456789012345678901234567890,"more":[0.1234567890123456789012,1e400,{"a":1.50}]}"#;
    let payment: Payment = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::to_string(&payment).unwrap(), json);
    // A float without its text has its own digits.
    let value: Value = serde_json::from_value(serde_json::json!({ "a": [1, 1.5] })).unwrap();
    assert_eq!(value.to_string(), r#"{"a":[1,1.5]}"#);
}

#[test]
fn what_is_no_json_is_an_error() {
    for text in [
        "",
        " ",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "nul",
        "nulll",
        "[1,]",
        "[1",
        "{\"a\"}",
        "{a:1}",
        "{\"a\":1,}",
        "\"a",
        "\"\\x\"",
        "\"\u{1}\"",
        "1 2",
        "NaN",
        "\"\\",
        "\"\\ud800\"",
    ] {
        assert!(text.parse::<Value>().is_err(), "{text}");
        assert!(
            serde_json::from_str::<serde_json::Value>(text).is_err(),
            "{text}"
        );
    }
}

#[test]
fn serde_json_gets_only_what_it_can_hold() {
    let exact = |text: &str| serde_json::Value::try_from(text.parse::<Value>().unwrap()).is_ok();
    assert!(
        [
            "1",
            "1.5",
            "1.50",
            "100",
            "1e3",
            "0.0",
            "-0",
            "18446744073709551615"
        ]
        .iter()
        .all(|text| exact(text))
    );
    assert!(
        !["1e400", "18446744073709551617", "0.1234567890123456789012"]
            .iter()
            .any(|text| exact(text))
    );
    assert_eq!(
        Number::from(u64::MAX),
        "18446744073709551615".parse().unwrap()
    );
    assert_eq!(Number::from(1_u64), Number::from(1_i64));
    assert_eq!(Number::from_f64(f64::NAN), None);
}

/// Texts of the grammar of dates and timestamps in `xact::json`, and near misses of it.
fn sentinel_texts(rng: &mut fastrand::Rng) -> String {
    fn pick<'t>(rng: &mut fastrand::Rng, all: &[&'t str]) -> &'t str {
        // Half of the parts are as they should be, so that a text of four of them may be.
        if rng.bool() {
            all[0]
        } else {
            all[rng.usize(..all.len())]
        }
    }
    let date = pick(
        rng,
        &[
            "2025-01-06",
            "0000-02-29",
            "9999-12-31",
            "2025-02-29",
            "2025-W01-1",
            "2025-006",
            "20250106",
            "-0001-01-01",
            "+12025-01-06",
            "10000-01-01",
            "2025-13-01",
            "2025-00-01",
            "2025-1-6",
            "2025-01-06 ",
            "٢٠٢٥-01-06",
            "",
        ],
    );
    let time = pick(
        rng,
        &[
            "",
            "",
            "T09:00:00",
            "T23:59:59",
            "T24:00:00",
            "T23:59:60",
            "T09:00",
            "T9:00:00",
            " 09:00:00",
            "t09:00:00",
            "T090000",
        ],
    );
    let fraction = pick(
        rng,
        &[
            "",
            "",
            ".2",
            ".25",
            ".250000",
            ".123456789",
            ".1234567890",
            ".",
            ",5",
        ],
    );
    let offset = pick(
        rng,
        &[
            "",
            "Z",
            "z",
            "+00:00",
            "-00:00",
            "+05:30",
            "-23:59:59",
            "+24:00",
            "+00:60",
            "+0530",
            "+05",
            "+05:30:00.5",
        ],
    );
    format!("{date}{time}{fraction}{offset}")
}

/// The grammar once more, as a pattern of Postgres; whether there is such a day it knows by itself.
const GRAMMAR: &str = r"SELECT CASE WHEN $1::text ~ '^\d{4}-\d\d-\d\d$' AND $1 !~ '[^ -~]' THEN 'date'
    WHEN $1 ~ '^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$'
        AND $1 !~ '[^ -~]' THEN 'timestamp' ELSE '' END";

#[tokio::test]
async fn exactly_the_texts_of_the_grammar_are_dates_and_all_others_stay() {
    let q = &mut begin().await;
    let grammar = query(GRAMMAR.to_owned(), &[25]);
    let rng = &mut fastrand::Rng::with_seed(18);
    let (mut dates, mut others) = (0, 0);
    for _ in 0..600 {
        let text = sentinel_texts(rng);
        let mut orm = q.orm();
        let call = orm.run.one(grammar.arguments().push(text.as_str()), |row| {
            row.get::<String>(0)
        });
        let fits = call.await.unwrap();
        let is_no_day = ["2025-02-29", "2025-13-01", "2025-00-01"]
            .iter()
            .any(|day| text.starts_with(day));
        for kind in ["date", "timestamp"] {
            let json = format!(r#"{{"__sentinel":"{kind}","value":"{text}"}}"#);
            let value: Value = json.parse().unwrap();
            let is_date = !matches!(value, Value::Object(_));
            assert_eq!(is_date, fits == kind && !is_no_day, "{json}");
            if is_date {
                dates += 1;
                // The same value, and from then on the same text.
                let written = value.to_string();
                assert_eq!(written.parse::<Value>().unwrap(), value, "{json}");
            } else {
                others += 1;
                assert_eq!(value.to_string(), json);
            }
        }
    }
    assert!(dates > 50 && others > 500, "{dates} {others}");
}
