//! A project that has each name in every place: table, column, enum, label, composite, field, constraint, query, parameter, query
//! file, migration, scope and setting.

use super::hostile::KEYWORDS;
use std::fmt::Write as _;
use std::path::Path;

/// Names of the files that a module has anyway, which query files cannot have.
const TAKEN: &[&str] = &[
    "constraint",
    "constraints",
    "mod",
    "names",
    "scopes",
    "types",
];

/// Writes the inputs of the project.
pub(super) fn write(root: &Path, names: &[String]) {
    write_file(root, "migrations/1_{odd} \"name\".up.sql", &schema(names));
    write_file(root, "xact.toml", &configuration());
    write_file(root, "queries/rows.sql", &queries_of_rows(names));
    write_file(
        root,
        "queries/parameters.sql",
        &queries_of_parameters(names),
    );
    for (number, name) in names.iter().enumerate() {
        // A file is found by its name's bytes, and `/` ends one.
        if TAKEN.contains(&name.to_lowercase().as_str()) || name.contains('/') {
            continue;
        }
        let text = format!("-- name: in_file_{number} :one\nSELECT 1 AS x;\n");
        write_file(root, &format!("queries/{name}.sql"), &text);
    }
}

/// Writes one file with its folder.
pub(super) fn write_file(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `public` has the tables; enums and composites are in schemas of their own, for all are types of one name each.
fn schema(names: &[String]) -> String {
    let mut sql = String::from("CREATE SCHEMA e;\nCREATE SCHEMA c;\n");
    let each = |pattern: &dyn Fn(&str) -> String| {
        let parts: Vec<String> = names.iter().map(|name| pattern(name)).collect();
        parts.join(", ")
    };
    for name in names {
        let (quoted, label) = (quote(name), literal(name));
        writeln!(sql, "CREATE TYPE e.{quoted} AS ENUM ({label}, 'other');").unwrap();
        writeln!(sql, "CREATE TYPE c.{quoted} AS ({quoted} text, other int);").unwrap();
        writeln!(
            sql,
            "CREATE TABLE {quoted} (id text PRIMARY KEY CHECK (id LIKE 'a\\_%'), {other} int, CONSTRAINT {quoted} CHECK (true));",
            other = quote(&format!("{name}_"))
        )
        .unwrap();
    }
    let labels = each(&literal);
    writeln!(sql, "CREATE TYPE e.every_label AS ENUM ('', {labels});").unwrap();
    writeln!(sql, "CREATE TYPE e.no_label AS ENUM ();").unwrap();
    let fields = each(&|name| format!("{} text", quote(name)));
    writeln!(sql, "CREATE TYPE c.every_field AS ({fields});").unwrap();
    let columns = each(&|name| format!("{} text NOT NULL", quote(name)));
    let checks = each(&|name| format!("CONSTRAINT {} CHECK (true)", quote(name)));
    writeln!(sql, "CREATE TABLE every_column ({columns}, {checks});").unwrap();
    let enums = each(&|name| format!("{0} e.{0}", quote(name)));
    writeln!(
        sql,
        "CREATE TABLE every_enum ({enums}, l e.every_label, z e.no_label);"
    )
    .unwrap();
    let composites = each(&|name| format!("{0} c.{0}", quote(name)));
    writeln!(
        sql,
        "CREATE TABLE every_composite ({composites}, f c.every_field);"
    )
    .unwrap();
    sql
}

fn configuration() -> String {
    let settings = [
        "body", "retry", "self", "gen", "type", "userId", "user_id", "row",
    ];
    let settings = settings.map(|name| format!("\"app.{name}\"")).join(", ");
    let scopes = [
        "self",
        "gen",
        "xact",
        "std",
        "may_use_x",
        "send",
        "debug",
        "ok",
    ];
    let scopes = scopes.map(|name| format!("[scopes.{name}]\nsettings = [{settings}]\n"));
    scopes.concat()
}

/// Each whole row, and rows with aliases.
fn queries_of_rows(names: &[String]) -> String {
    let mut sql = String::new();
    for (number, name) in names.iter().enumerate() {
        let quoted = quote(name);
        writeln!(sql, "-- name: row_{number} :many\nSELECT * FROM {quoted};").unwrap();
        writeln!(
            sql,
            "-- name: id_{number} :many\nSELECT id FROM {quoted} WHERE id = :id;"
        )
        .unwrap();
    }
    for table in ["every_column", "every_enum", "every_composite"] {
        writeln!(sql, "-- name: {table} :many\nSELECT * FROM {table};").unwrap();
        writeln!(
            sql,
            "-- name: one_more_of_{table} :many\nSELECT *, 1 AS more FROM {table};"
        )
        .unwrap();
    }
    let columns: Vec<String> = names.iter().map(|name| quote(name)).collect();
    let columns = columns.join(", ");
    writeln!(
        sql,
        "-- name: columns :many\nSELECT {columns} FROM every_column;"
    )
    .unwrap();
    sql
}

/// Each name that can be one of a query, and all that can be parameters, at once and alone.
fn queries_of_parameters(names: &[String]) -> String {
    let is_word = |name: &&String| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let mut sql = String::new();
    // Names that differ only in capitals or `_` are refused as queries.
    let mut seen = std::collections::BTreeSet::new();
    let words: Vec<&String> = names.iter().filter(is_word).collect();
    for name in &words {
        if seen.insert(name.replace('_', "").to_lowercase()) && !TAKEN.contains(&name.as_str()) {
            writeln!(
                sql,
                "-- name: {name} :one\nSELECT :{name}::text AS {}, 1 AS y;",
                quote(name)
            )
            .unwrap();
        }
    }
    let all: Vec<String> = words.iter().map(|name| format!(":{name}::text")).collect();
    writeln!(
        sql,
        "-- name: all_parameters :one\nSELECT ARRAY[{}] AS x;",
        all.join(", ")
    )
    .unwrap();
    let columns: Vec<String> = names.iter().map(|name| quote(name)).collect();
    let values = (1..=names.len()).map(|number| format!("${number}"));
    let values: Vec<String> = values.collect();
    for command in ["copy", "batch", "exec"] {
        writeln!(
            sql,
            "-- name: {command}_columns :{command}\nINSERT INTO every_column ({}) VALUES ({});",
            columns.join(", "),
            values.join(", ")
        )
        .unwrap();
    }
    assert!(
        KEYWORDS
            .iter()
            .all(|word| names.iter().any(|name| name == word))
    );
    sql
}
