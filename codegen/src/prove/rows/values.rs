//! Values for columns, in the order in which they are tried: those that carry a canary first.

use super::patterns::sample_check;
use crate::query::{TypeCatalog, TypeKind};
use crate::schema::model::{Column, Table};

/// A value of an INSERT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::prove) enum InsertValue {
    /// A text that is cast to the column's type.
    Text(String),
    Null,
    /// The column's default.
    Default,
}

/// The marks of one value: a word that no other value has, in letters and in digits.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Hexadecimal digits, so that checks for ids accept it: `afeed0012`.
    pub(super) token: String,
    /// Eight digits, which an `integer` holds.
    pub(super) number: String,
    /// A UUID that ends in the number.
    pub(super) uuid: String,
}

impl Mark {
    /// The mark with this number, for the tenant of this letter.
    pub(super) fn of(letter: char, number: u32) -> Self {
        let world = u32::from(letter) - u32::from('a') + 1;
        let digits = format!("7{world}{number:06}");
        Self {
            token: format!("{letter}feed{number:04}"),
            uuid: format!("00000000-0000-4000-8000-{letter}feed{number:07}"),
            number: digits,
        }
    }
}

/// The values to try for a column. `sample` is a value of its default.
pub(super) fn list_values(
    table: &Table,
    column: &Column,
    types: &TypeCatalog,
    mark: &Mark,
    sample: Option<&str>,
) -> Vec<InsertValue> {
    let mut values: Vec<InsertValue> = Vec::new();
    let is_key = column.identity.is_some()
        || table
            .primary_key()
            .is_some_and(|key| key.columns.iter().any(|n| n.0 == column.number.0));
    let texts = list_texts(table, column, column.type_oid.0, types, mark, sample);
    let marked = is_text_like(types, column.type_oid.0);
    // Rows of the application have defaults for times, states and counts; a key has to be written down, so that a
    // script can name it.
    if column.default.is_some() && !is_key && !marked {
        values.push(InsertValue::Default);
    }
    values.extend(texts.into_iter().map(InsertValue::Text));
    if column.default.is_some() {
        values.push(InsertValue::Default);
    }
    if !column.not_null {
        values.push(InsertValue::Null);
    }
    values
}

/// Whether values of the type can carry a word.
fn is_text_like(types: &TypeCatalog, oid: u32) -> bool {
    let names = [
        "text", "varchar", "bpchar", "citext", "json", "jsonb", "bytea", "name", "xml",
    ];
    types
        .base(oid)
        .is_some_and(|found| names.contains(&found.name.as_str()))
}

fn list_texts(
    table: &Table,
    column: &Column,
    oid: u32,
    types: &TypeCatalog,
    mark: &Mark,
    sample: Option<&str>,
) -> Vec<String> {
    let Some(base) = types.base(oid) else {
        return Vec::new();
    };
    match &base.kind {
        TypeKind::Enum(labels) => return labels.clone(),
        TypeKind::Array(element) => {
            let elements = list_texts(table, column, *element, types, mark, None);
            let quoted = |text: &String| {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
                format!("{{\"{escaped}\"}}")
            };
            let mut arrays: Vec<String> = elements.iter().map(quoted).collect();
            // Last, for a check that refuses every element.
            arrays.push("{}".to_owned());
            return arrays;
        }
        TypeKind::Range(element) => {
            let elements = list_texts(table, column, *element, types, mark, None);
            let range = |text: &String| format!("[{text},{text}]");
            return elements
                .iter()
                .map(range)
                .chain(["empty".to_owned()])
                .collect();
        }
        TypeKind::Multirange => return vec!["{}".to_owned()],
        TypeKind::Composite(_) | TypeKind::Pseudo | TypeKind::Domain(_) => return Vec::new(),
        TypeKind::Base => {}
    }
    match base.name.as_str() {
        "text" | "varchar" | "bpchar" | "citext" | "name" => {
            let texts = list_words(table, column, mark, sample).into_iter();
            // Postgres refuses what is longer than the type allows.
            let most = find_longest(column);
            texts
                .map(|text| text.chars().take(most).collect())
                .collect()
        }
        "json" | "jsonb" => vec![
            format!("{{\"note\": \"{}\"}}", mark.token),
            format!("[\"{}\"]", mark.token),
            format!("\"{}\"", mark.token),
        ],
        "bytea" => vec![format!("\\x{}0", mark.token)],
        "uuid" => vec![mark.uuid.clone()],
        name => list_scalars(name, mark),
    }
}

/// Values of types that are neither text nor made of others.
fn list_scalars(name: &str, mark: &Mark) -> Vec<String> {
    let number = mark.number.as_str();
    // Four digits fit into a smallint.
    let last = &number[number.len() - 4..];
    let values: &[&str] = match name {
        "int8" | "int4" | "oid" => &[number, last, "1", "0", "2", "10", "50", "100"],
        "numeric" | "float8" | "float4" | "money" => {
            &[number, last, "1", "0", "0.5", "10", "50", "100"]
        }
        "int2" => &[last, "1", "0", "2", "10", "50"],
        "bool" => &["true", "false"],
        "timestamptz" | "timestamp" => &[
            "2025-01-01 00:00:00",
            "2035-01-01 00:00:00",
            "1990-01-01 00:00:00",
            "2026-01-01 00:00:00",
        ],
        "date" => &["2025-01-01", "2035-01-01", "1990-01-01", "2026-01-01"],
        "time" | "timetz" => &["08:00:00", "18:00:00", "00:00:00"],
        "interval" => &["1 day", "1 hour", "0"],
        "inet" => &["192.0.2.1"],
        "cidr" => &["192.0.2.0/24"],
        "macaddr" => &["02:00:00:00:00:01"],
        "bit" | "varbit" => &["1", "0"],
        "point" => &["(1,1)"],
        "box" | "lseg" => &["(0,0),(1,1)"],
        "circle" => &["<(0,0),1>"],
        "polygon" | "path" => &["((0,0),(1,1),(1,0))"],
        "tsvector" | "tsquery" | "xml" | "hstore" | "ltree" => return list_documents(name, mark),
        _ => &[],
    };
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn list_documents(name: &str, mark: &Mark) -> Vec<String> {
    let token = &mark.token;
    vec![match name {
        "xml" => format!("<note>{token}</note>"),
        "hstore" => format!("note=>{token}"),
        _ => token.clone(),
    }]
}

/// Texts: those of the column's checks, the token alone, in the shapes that columns are often checked for, and literals.
fn list_words(table: &Table, column: &Column, mark: &Mark, sample: Option<&str>) -> Vec<String> {
    let token = &mark.token;
    let mut words = Vec::new();
    if let Some(prefix) = sample.and_then(find_prefix) {
        let length = sample.map_or(0, str::len) - prefix.len();
        words.push(format!("{prefix}{token:0>length$}"));
        words.push(format!("{prefix}{token}"));
    }
    for constraint in &table.constraints {
        if constraint
            .columns
            .iter()
            .any(|number| number.0 == column.number.0)
        {
            words.extend(sample_check(&constraint.definition, token));
        }
    }
    words.extend([
        token.clone(),
        format!("{token}@example.com"),
        format!("https://{token}.example.com/{token}"),
        token.to_uppercase(),
        format!("{token}.example.com"),
        format!("/{token}"),
        mark.number.clone(),
        format!("+1{}", mark.number),
        mark.uuid.clone(),
        format!("{token:0>64}"),
        format!("{token:0>32}"),
    ]);
    let fixed = [
        "en",
        "DE",
        "EUR",
        "UTC",
        "en-US",
        "#a1b2c3",
        "1.0.0",
        "2025-01-01",
        "a",
        "A",
        "1",
        "{}",
    ];
    words.extend(fixed.map(str::to_owned));
    words
}

/// `bkm_` of `bkm_0193af…`: up to the last separator.
fn find_prefix(sample: &str) -> Option<&str> {
    let end = sample.rfind(['_', '-', ':'])?;
    let is_uuid = sample.len() == 36 && sample.matches('-').count() == 4;
    (!is_uuid).then(|| &sample[..=end])
}

/// The most characters that the type takes.
fn find_longest(column: &Column) -> usize {
    let written = column.data_type.split_once('(').map(|(_, rest)| rest);
    let number = written.and_then(|rest| rest.split([')', ',']).next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or(usize::MAX)
}
