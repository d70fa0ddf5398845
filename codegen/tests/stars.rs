//! `*` in every place where Postgres writes columns for it: the wire SQL names them, and gives them whatever else a table has.
//!
//! `forms.txt` has a statement on each line (a number before it is the first major that knows it), and below it the wire SQL.
//! `XACT_BLESS=1` writes the wire SQL.

use std::fmt::Write as _;
use std::sync::Arc;

use sqlx::{
    AssertSqlSafe, Column as _, Executor as _, PgConnection, Row as _, SqlSafeStr as _,
    Statement as _, TypeInfo as _,
};
use xact_codegen::query::{DescribedQuery, TypeCatalog, describe, expand_stars, parse};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::Schema;

use crate::analysis::project::database;

const FORMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stars/forms.txt");

/// The beginnings of the line of the wire SQL, and of the line of the refusal.
const SENT: &str = "=> ";

/// A statement, its expected result, and the first major that accepts it.
struct Form {
    since: Option<i32>,
    written: String,
    expected: String,
}

fn forms() -> Vec<Form> {
    let text = std::fs::read_to_string(FORMS).unwrap();
    let mut forms: Vec<Form> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix(SENT), forms.last_mut()) {
            (Some(expected), Some(form)) => expected.clone_into(&mut form.expected),
            _ if line.starts_with(' ') => {
                let form = forms.last_mut().unwrap();
                form.written = format!("{}\n{line}", form.written);
            }
            _ => {
                let (since, written) = line.split_once(' ').unwrap();
                let since = since.parse().ok();
                let written = since.map_or(line, |_| written).to_owned();
                forms.push(Form {
                    since,
                    written,
                    expected: String::new(),
                });
            }
        }
    }
    forms
}

/// The wire SQL of a statement, or the reason of the refusal.
async fn sent(connection: &mut PgConnection, written: &str) -> Result<DescribedQuery, String> {
    let text = format!("-- name: it :exec\n{written}");
    let path = "queries/it.sql".to_owned();
    let (queries, found) = parse(&Arc::new(SourceFile::new(path, text)));
    assert!(found.is_empty(), "{written}: {found:?}");
    let schema = Schema::default();
    let (described, found) = describe(connection, queries, &schema).await.unwrap();
    assert!(found.is_empty(), "{written}: {found:?}");
    let types = TypeCatalog::read(connection).await.unwrap();
    let (mut expanded, found) = expand_stars(connection, described, &types).await.unwrap();
    match found.into_iter().next() {
        Some(refused) => Err(format!("refused: {}", refused.message)),
        None => Ok(expanded.remove(0)),
    }
}

/// The names and types of the columns that a statement gives.
async fn columns(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<Vec<(String, String)>, String> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    let statement = connection.prepare(sql).await;
    let statement = statement.map_err(|error| error.to_string())?;
    let columns = statement.columns().iter();
    let columns = columns.map(|column| {
        let name = column.name().to_owned();
        (name, column.type_info().name().to_owned())
    });
    Ok(columns.collect())
}

#[tokio::test]
async fn every_star_is_sent_as_the_columns_it_means() {
    let (_test, mut connection) = database(include_str!("stars/schema.sql")).await;
    let (_other, mut other) = database(include_str!("stars/other.sql")).await;
    let version = connection
        .fetch_one("SELECT current_setting('server_version_num')::int / 10000")
        .await;
    let version: i32 = version.unwrap().get(0);
    let bless = std::env::var_os("XACT_BLESS").is_some();
    let (mut written, mut failures) = (String::new(), String::new());
    for form in forms() {
        let known = form.since.is_none_or(|since| since <= version);
        let found = if known {
            match sent(&mut connection, &form.written).await {
                Ok(found) => {
                    let sql = &found.query.sql.text;
                    let before = columns(&mut connection, &form.written).await;
                    for connection in [&mut connection, &mut other] {
                        let after = columns(connection, sql).await;
                        if before.is_err() || after != before {
                            let _ = writeln!(failures, "{sql}\n   {before:?}\n   {after:?}");
                        }
                    }
                    sql.replace('\n', "⏎")
                }
                Err(refused) => refused,
            }
        } else {
            form.expected.clone()
        };
        if found != form.expected {
            let _ = writeln!(
                failures,
                "{}\n   expected {}\n   found    {found}",
                form.written, form.expected
            );
        }
        let since = form
            .since
            .map(|since| format!("{since} "))
            .unwrap_or_default();
        let _ = writeln!(written, "{since}{}\n{SENT}{found}", form.written);
    }
    if bless {
        std::fs::write(FORMS, written).unwrap();
    }
    assert!(
        failures.is_empty(),
        "{failures}\nXACT_BLESS=1 accepts the output"
    );
}
