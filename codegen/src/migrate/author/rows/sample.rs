//! Rows for a table: NULLs, usual values, and extreme ones.

use crate::schema::Schema;
use crate::schema::model::{Column, Table};
use crate::sql::quote::quote_literal;

/// How many rows a table gets beside the one of NULLs: each of the lists below has so many values.
const ROWS: usize = 5;

/// Domains and composites may be nested; a type cannot contain itself, but one that is deeper is left NULL.
const DEPTH: usize = 4;

/// The statements for each row: if the first is refused, the second has NULL wherever the table takes it.
pub(super) fn insert_statements(schema: &Schema, table: &Table) -> Vec<Vec<String>> {
    let stored = || {
        table
            .columns
            .iter()
            .filter(|column| column.generated.is_none())
    };
    let always = stored().any(|column| {
        column
            .identity
            .as_ref()
            .is_some_and(|identity| identity.always)
    });
    let overriding = if always {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let names: Vec<&str> = stored().map(|column| column.sql.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let insert = |number: usize, with_nulls: bool| {
        let values = stored().map(|column| write_value(schema, column, number, with_nulls));
        let values: Vec<String> = values.collect();
        let (table, names, values) = (&table.name.sql, names.join(", "), values.join(", "));
        format!("INSERT INTO {table} ({names}){overriding} VALUES ({values})")
    };
    let nulls = vec![insert(0, true)];
    let rows = (0..ROWS).map(|number| vec![insert(number, false), insert(number, true)]);
    std::iter::once(nulls).chain(rows).collect()
}

fn write_value(schema: &Schema, column: &Column, number: usize, with_nulls: bool) -> String {
    let is_null = with_nulls && !column.not_null;
    let value = if is_null {
        None
    } else {
        sample_value(schema, &column.data_type, number, DEPTH)
    };
    value.unwrap_or_else(|| "NULL".to_owned())
}

/// A value of the type as SQL; nothing if none is known.
fn sample_value(schema: &Schema, data_type: &str, number: usize, depth: usize) -> Option<String> {
    if depth == 0 {
        return None;
    }
    if let Some(element) = data_type.strip_suffix("[]") {
        let value = sample_value(schema, element, number, depth - 1)?;
        return Some(format!("ARRAY[{value}]::{data_type}"));
    }
    if let Some(own) = schema.enums.iter().find(|item| item.name.sql == data_type) {
        let label = own.labels.get(number % own.labels.len().max(1))?;
        return Some(format!("{}::{data_type}", quote_literal(label)));
    }
    if let Some(own) = schema
        .domains
        .iter()
        .find(|item| item.name.sql == data_type)
    {
        let value = sample_value(schema, &own.base, number, depth - 1)?;
        return Some(format!("({value})::{data_type}"));
    }
    if let Some(own) = schema
        .composites
        .iter()
        .find(|item| item.name.sql == data_type)
    {
        let fields = own
            .fields
            .iter()
            .map(|field| sample_value(schema, &field.data_type, number, depth - 1));
        let fields = fields.map(|field| field.unwrap_or_else(|| "NULL".to_owned()));
        return Some(format!(
            "ROW({})::{data_type}",
            fields.collect::<Vec<_>>().join(", ")
        ));
    }
    // `numeric(10,2)` has the values of `numeric`; a cast fits them or the row is refused.
    let (name, _) = data_type.split_once('(').unwrap_or((data_type, ""));
    let name = match data_type.contains(" time zone") {
        // Both with and without time zone: the texts have none, and either type reads them.
        true if data_type.starts_with("timestamp") => "timestamp",
        true => "time",
        false => name.trim_end(),
    };
    let (_, values) = VALUES.iter().find(|(names, _)| names.contains(&name))?;
    Some(format!("{}::{data_type}", quote_literal(values[number])))
}

/// Values of Postgres's own types. Texts are also values of other types, because a text that becomes a number is converted
/// by some migrations.
const VALUES: &[(&[&str], [&str; ROWS])] = &[
    (&["smallint"], ["1", "7", "0", "32767", "-32768"]),
    (&["integer"], ["1", "7", "0", "2147483647", "-2147483648"]),
    (
        &["bigint"],
        ["1", "7", "0", "9223372036854775807", "-9223372036854775808"],
    ),
    (
        &["numeric"],
        ["1.2345", "7", "-0.0001", "0.123456789", "99"],
    ),
    (
        &["real", "double precision"],
        ["1", "-0.5", "0.125", "1e20", "-1e-20"],
    ),
    (
        &["text", "character varying", "character", "citext", "name"],
        [
            "1",
            "true",
            "2024-02-29",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "It's a \"Text\"  ",
        ],
    ),
    (&["boolean"], ["true", "false", "true", "false", "true"]),
    (
        &["date"],
        [
            "2024-02-29",
            "0001-01-01",
            "1999-12-31",
            "9999-12-31",
            "2000-01-01",
        ],
    ),
    (
        &["timestamp"],
        [
            "2024-02-29 07:08:09.123456",
            "0001-01-01 00:00:00",
            "1999-12-31 23:59:59.999999",
            "2000-01-01 12:00:00",
            "9999-12-31 01:00:00",
        ],
    ),
    (
        &["time"],
        [
            "07:08:09.123456",
            "00:00:00",
            "23:59:59.999999",
            "12:00:00",
            "01:00:00",
        ],
    ),
    (
        &["interval"],
        [
            "1 day 02:03:04.567891",
            "-3 months",
            "00:00:00",
            "100 years",
            "1 second",
        ],
    ),
    (
        &["uuid"],
        [
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "11111111-1111-1111-1111-111111111111",
            "22222222-2222-2222-2222-222222222222",
        ],
    ),
    (
        &["json", "jsonb"],
        [
            "1",
            "true",
            "\"x\"",
            "{\"a\": [1, null]}",
            "[\"2024-02-29\"]",
        ],
    ),
    (&["bytea"], ["\\x00ff", "\\x", "\\x61", "\\x6162", "\\x00"]),
    (
        &["inet"],
        [
            "10.1.2.3/8",
            "::1",
            "192.168.0.1",
            "10.0.0.0/8",
            "127.0.0.1",
        ],
    ),
    (
        &["cidr"],
        [
            "10.0.0.0/8",
            "::1/128",
            "192.168.0.0/16",
            "127.0.0.1/32",
            "1.2.3.0/24",
        ],
    ),
    (&["bit", "bit varying"], ["1", "0", "101", "111", "000"]),
    (&["money"], ["1.25", "0", "-7.5", "1000", "2"]),
    (&["oid"], ["1", "7", "0", "4294967295", "42"]),
    (&["xml"], ["<a/>", "x", "<b>1</b>", "", "<c/>"]),
    (
        &["point"],
        ["(1,2)", "(0,0)", "(-1.5,1e3)", "(3,3)", "(4,4)"],
    ),
    (&["tsvector"], ["a b", "", "x:1", "y", "z"]),
    (
        &["int4range", "int8range", "numrange"],
        ["[1,5)", "empty", "(,)", "[7,8)", "(,3)"],
    ),
    (
        &["daterange", "tsrange", "tstzrange"],
        [
            "[2024-01-01,2024-02-01)",
            "empty",
            "(,)",
            "[2000-01-01,)",
            "(,1999-01-01)",
        ],
    ),
];
