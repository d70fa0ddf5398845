//! The reviewed list of functions that are never NULL: each is called on a real server, with
//! every combination of the values that trip functions up.

use sqlx::{Executor as _, PgConnection};

use super::project::{database, execute};

const LIST: &str = include_str!("../../src/query/analysis/catalog/never_null.txt");

/// Values per type; a type that is missing has no line in the list.
const AWKWARD: &[(&str, &[&str])] = &[
    ("txid_snapshot", &["'1:1:'", "'10:20:10,14,15'"]),
    ("\"any\"", &["1", "''::text", "'{}'::int[]"]),
    ("\"char\"", &["''", "'a'"]),
    ("\"char\"[]", &["'{}'", "'{a}'"]),
    (
        "anyarray",
        &["'{}'::int[]", "'{1,NULL}'::int[]", "'{{1,2},{3,4}}'::int[]"],
    ),
    ("anycompatible", &["1", "0"]),
    ("anycompatiblearray", &["'{}'::int[]", "'{1,NULL}'::int[]"]),
    ("anyelement", &["1", "0"]),
    ("anyenum", &["'a'::letter"]),
    (
        "anymultirange",
        &[
            "'{}'::int4multirange",
            "'{(,)}'::int4multirange",
            "'{[1,3)}'::int4multirange",
        ],
    ),
    ("anynonarray", &["1", "0"]),
    (
        "anyrange",
        &[
            "'empty'::int4range",
            "'(,)'::int4range",
            "'[1,3)'::int4range",
        ],
    ),
    ("bigint", &["0", "1", "-1", "9223372036854775807"]),
    ("bit varying", &["''", "'101'"]),
    ("bit", &["'0'", "'1'"]),
    ("boolean", &["true", "false"]),
    ("bytea", &["''", "'abc'", "'\\xff'"]),
    ("character varying", &["''", "'a'"]),
    ("character", &["''", "'a'"]),
    ("cid", &["'0'"]),
    ("cidr", &["'0.0.0.0/0'", "'::/0'"]),
    (
        "date",
        &[
            "'infinity'",
            "'-infinity'",
            "'2020-02-29'",
            "'0001-01-01 BC'",
        ],
    ),
    ("daterange", &["'empty'", "'(,)'"]),
    ("daterange[]", &["'{}'", "'{empty}'"]),
    (
        "double precision",
        &[
            "0",
            "1",
            "-1",
            "'NaN'",
            "'Infinity'",
            "'-Infinity'",
            "1e-300",
        ],
    ),
    ("inet", &["'0.0.0.0/0'", "'::1'", "'10.1.2.3/8'"]),
    ("int2vector", &["'1 2'"]),
    ("int4range", &["'empty'", "'(,)'"]),
    ("int4range[]", &["'{}'", "'{empty}'"]),
    ("int8range", &["'empty'", "'(,)'"]),
    ("int8range[]", &["'{}'", "'{empty}'"]),
    ("integer", &["0", "1", "-1", "2147483647", "2020", "2"]),
    ("integer[]", &["'{}'", "'{1}'", "'{1,NULL}'"]),
    ("interval", &["'0'", "'1 mon'", "'-1 day'", "'1 us'"]),
    (
        "json",
        &["'null'", "'{}'", "'[]'", "'1'", "'{\"a\": null}'"],
    ),
    (
        "jsonb",
        &[
            "'null'",
            "'{}'",
            "'[]'",
            "'1'",
            "'{\"a\": null}'",
            "'[1, null]'",
            "'[\"all\"]'",
        ],
    ),
    (
        "jsonpath",
        &["'$'", "'$.a'", "'strict $.x'", "'$[*] ? (@ == 1)'"],
    ),
    ("macaddr", &["'08:00:2b:01:02:03'"]),
    ("macaddr8", &["'08:00:2b:ff:fe:01:02:03'"]),
    ("money", &["0", "1"]),
    ("name", &["''", "'a'", "'UTF8'"]),
    (
        "numeric",
        &["0", "1", "-1", "'NaN'", "'Infinity'", "'-Infinity'", "0.5"],
    ),
    ("numrange", &["'empty'", "'(,)'"]),
    ("numrange[]", &["'{}'", "'{empty}'"]),
    ("oid", &["0", "1", "1259"]),
    ("oidvector", &["''", "'1 2'"]),
    ("pg_snapshot", &["'1:1:'"]),
    ("real", &["0", "1", "-1", "'NaN'", "'Infinity'"]),
    ("real[]", &["'{}'", "'{0.1,0.2,0.4,1}'"]),
    (
        "record",
        &[
            "(SELECT x FROM (VALUES (1, NULL::int)) x)",
            "(SELECT x FROM (VALUES (1, 2)) x)",
        ],
    ),
    ("regclass", &["'pg_class'", "'numbers'"]),
    ("regconfig", &["'simple'", "'english'"]),
    ("smallint", &["0", "1", "-1", "2"]),
    (
        "text",
        &[
            "''",
            "'a'",
            "'A b'",
            "'day'",
            "'UTC'",
            "'escape'",
            "'{}'",
            "'work_mem'",
            "'NFC'",
            "'[]'",
            "'2020'",
            "'pg_class'",
            "'on'",
        ],
    ),
    (
        "text[]",
        &["'{}'", "'{a}'", "'{a,b}'", "'{NULL}'", "'{{a,b}}'"],
    ),
    ("tid", &["'(0,1)'"]),
    ("time with time zone", &["'00:00+0'", "'24:00-12'"]),
    ("time without time zone", &["'00:00'", "'24:00'"]),
    (
        "timestamp with time zone",
        &[
            "'infinity'",
            "'-infinity'",
            "'2020-02-29'",
            "'0001-01-01 BC'",
        ],
    ),
    (
        "timestamp without time zone",
        &["'infinity'", "'-infinity'", "'2020-02-29'"],
    ),
    ("tsquery", &["''", "'a'", "'!a & b'"]),
    ("tsrange", &["'empty'", "'(,)'"]),
    ("tsrange[]", &["'{}'", "'{empty}'"]),
    ("tstzrange", &["'empty'", "'(,)'"]),
    ("tstzrange[]", &["'{}'", "'{empty}'"]),
    ("tsvector", &["''", "'a:1A b'"]),
    ("uuid", &["'00000000-0000-0000-0000-000000000000'"]),
    ("xid", &["'0'", "'3'"]),
    ("xid8", &["'0'", "'3'"]),
];

/// More combinations than this are thinned out evenly.
const MAX_CALLS: usize = 60;

/// Calls of functions that few combinations of values satisfy.
const BY_HAND: &[(&str, &str)] = &[
    (
        "regexp_instr(text,text,integer,integer,integer,text)",
        "regexp_instr('ab', 'b', 1, 1, 0, '')",
    ),
    (
        "regexp_replace(text,text,text,integer,integer,text)",
        "regexp_replace('ab', 'b', '', 1, 1, '')",
    ),
    (
        "date_trunc(text,timestamp with time zone,text)",
        "date_trunc('day', now(), 'UTC')",
    ),
    (
        "regexp_instr(text,text,integer,integer,integer,text,integer)",
        "regexp_instr('ab', 'b', 1, 1, 0, '', 0)",
    ),
    (
        "make_timestamp(integer,",
        "make_timestamp(2020, 2, 29, 0, 0, 0)",
    ),
    (
        "make_timestamptz(integer,integer,integer,integer,integer,double precision)",
        "make_timestamptz(2020, 2, 29, 0, 0, 0)",
    ),
    (
        "make_timestamptz(integer,",
        "make_timestamptz(2020, 2, 29, 0, 0, 0, 'UTC')",
    ),
    (
        "extract(text,time without",
        "extract('hour' FROM '10:00'::time)",
    ),
    (
        "extract(text,time with time zone)",
        "extract('hour' FROM '10:00'::timetz)",
    ),
    (
        "date_part(text,time without",
        "date_part('hour', '10:00'::time)",
    ),
    (
        "date_part(text,time with time zone)",
        "date_part('hour', '10:00'::timetz)",
    ),
    ("json_build_object(\"any\")", "json_build_object('a', NULL)"),
    (
        "jsonb_build_object(\"any\")",
        "jsonb_build_object('a', NULL)",
    ),
    (
        "tsrange(timestamp without time zone,timestamp without time zone,text)",
        "tsrange('-infinity', 'infinity', '[]')",
    ),
    (
        "set_config(text,text,boolean)",
        "set_config('a.b', '', true)",
    ),
];

/// The fields that infinity has, for which the lines with `field` hold.
const ENDLESS: &[&str] = &[
    "'century'",
    "'decade'",
    "'epoch'",
    "'isoyear'",
    "'julian'",
    "'millennium'",
    "'year'",
];

/// Each signature with its rule, name, whether it is an operator, and argument types.
struct Listed {
    line: String,
    name: String,
    operator: bool,
    variadic: bool,
    types: Vec<String>,
}

#[tokio::test]
async fn what_is_listed_is_never_null() {
    let (_test, mut connection) = database(include_str!("listed.setup.sql")).await;
    connection
        .execute("SET search_path = pg_catalog, public")
        .await
        .unwrap();
    let lines: Vec<&str> = LIST
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .collect();
    let rows: Vec<(String, String, bool, bool, Vec<String>)> =
        sqlx::query_as(include_str!("listed.sql"))
            .bind(&lines)
            .fetch_all(&mut connection)
            .await
            .unwrap();
    let listed: Vec<Listed> = rows
        .into_iter()
        .map(|(line, name, operator, variadic, types)| Listed {
            line,
            name,
            operator,
            variadic,
            types,
        })
        .collect();
    assert!(
        listed.len() + 10 > lines.len(),
        "{} of {} lines exist",
        listed.len(),
        lines.len()
    );
    let (mut null, mut unknown) = (Vec::new(), Vec::new());
    for listed in &listed {
        let results = call(&mut connection, listed).await;
        let of = |kind: &'static str| results.iter().filter(move |(_, result)| result == kind);
        null.extend(of("null").map(|(call, _)| call.clone()).take(2));
        if of("value").next().is_none() {
            unknown.push(format!("{} {:?}", listed.line, results.first()));
        }
    }
    assert!(null.is_empty(), "NULL from\n{}", null.join("\n"));
    assert!(
        unknown.is_empty(),
        "no call worked of\n{}",
        unknown.join("\n")
    );
}

async fn call(connection: &mut PgConnection, listed: &Listed) -> Vec<(String, String)> {
    let all = combinations(listed);
    let step = step(all.len());
    let mut calls: Vec<String> = all
        .iter()
        .step_by(step)
        .map(|values| written(listed, values))
        .collect();
    let by_hand = BY_HAND
        .iter()
        .find(|(signature, _)| listed.line.contains(&format!(" {signature}")));
    calls.extend(by_hand.map(|(_, call)| (*call).to_owned()));
    execute(connection, "BEGIN").await;
    let results =
        sqlx::query_as("SELECT call, public.attempt(call) FROM unnest($1::text[]) AS c(call)")
            .bind(&calls)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
    execute(connection, "ROLLBACK").await;
    results
}

/// Every combination of values for the arguments.
fn combinations(listed: &Listed) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new()];
    for (index, type_name) in listed.types.iter().enumerate() {
        let values = values(listed, index, type_name);
        let extended = rows.iter().flat_map(|row: &Vec<String>| {
            values
                .iter()
                .map(move |value| [row.as_slice(), std::slice::from_ref(value)].concat())
        });
        rows = extended.collect();
    }
    rows
}

/// One that shares no factor with how many values a type has, so that each value is met.
fn step(count: usize) -> usize {
    let least = count.div_ceil(MAX_CALLS).max(1);
    let factors = [2, 3, 5, 7, 13];
    let shares_none = |step: &usize| !factors.iter().any(|factor| step.is_multiple_of(*factor));
    (least..=least + 30).find(shares_none).unwrap_or(1)
}

/// The values to pass for one argument; NULL too, where the rule allows it.
fn values(listed: &Listed, index: usize, type_name: &str) -> Vec<String> {
    let (_, values) = AWKWARD
        .iter()
        .find(|(name, _)| *name == type_name)
        .unwrap_or_else(|| panic!("no values of {type_name} for {}", listed.line));
    let cast = if type_name.starts_with("any") || type_name == "\"any\"" || type_name == "record" {
        String::new()
    } else {
        format!("::{type_name}")
    };
    let endless = listed.line.starts_with("field") && index == 0;
    let values = if endless { ENDLESS } else { values };
    let mut values: Vec<String> = values
        .iter()
        .map(|value| format!("{value}{cast}"))
        .collect();
    let null_allowed =
        listed.line.starts_with("always") || (listed.line.starts_with("first") && index > 0);
    if null_allowed {
        values.push(match type_name {
            "anycompatible" => "NULL::int".to_owned(),
            "anycompatiblearray" => "NULL::int[]".to_owned(),
            _ => "NULL::text".to_owned(),
        });
    }
    values
}

fn written(listed: &Listed, values: &[String]) -> String {
    let name = &listed.name;
    match values {
        [right] if listed.operator => format!("OPERATOR(pg_catalog.{name}) ({right})"),
        [left, right] if listed.operator => {
            format!("({left}) OPERATOR(pg_catalog.{name}) ({right})")
        }
        _ => {
            let mut values = values.to_vec();
            if let (true, Some(last)) = (listed.variadic, values.last_mut()) {
                *last = format!("VARIADIC {last}");
            }
            format!("pg_catalog.\"{name}\"({})", values.join(", "))
        }
    }
}
