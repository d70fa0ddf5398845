//! Tables filled with random rows full of NULLs, the same ones each time, and queries run on them.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection, Row as _, ValueRef as _};
use xact_codegen::query::analysis::{Typed, TypedParameter};

use super::project::execute;

/// A linear congruential generator: the numbers of Knuth's MMIX.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of these.
    pub(super) fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        let count = u64::try_from(all.len()).unwrap();
        all[usize::try_from(self.below(count)).unwrap()]
    }

    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// How many fillings each query runs on; the first has no rows at all.
const FILLINGS: u64 = 6;

/// The columns that held NULL although they never do.
pub(super) async fn broken_promises(connection: &mut PgConnection, typed: &[Typed]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut ran = vec![false; typed.len()];
    for seed in 0..FILLINGS {
        execute(connection, "BEGIN").await;
        let mut random = Random(seed);
        if seed > 0 {
            fill(connection, &mut random).await;
        }
        for (typed, ran) in typed.iter().zip(&mut ran) {
            // A value that does not fit, such as one no cast accepts, says nothing about NULL.
            let Some(rows) = run(connection, typed, &mut random).await else {
                continue;
            };
            *ran = true;
            let null = rows.iter().find_map(|row| null_column(row, typed));
            broken.extend(
                null.map(|column| format!("{}\n   `{column}` was NULL", typed.query.sql.text)),
            );
            let null = rows.iter().find_map(|row| null_element(row, typed));
            broken.extend(
                null.map(|column| format!("{}\n   `{column}` held NULL", typed.query.sql.text)),
            );
        }
        execute(connection, "ROLLBACK").await;
    }
    let never = typed.iter().zip(ran).filter(|(_, ran)| !ran);
    broken.extend(never.map(|(typed, _)| format!("{}\n   never ran", typed.query.sql.text)));
    broken.dedup();
    broken
}

/// A table's name, and its columns' names, types, and whether they are NOT NULL.
type TableRow = (String, Vec<String>, Vec<String>, Vec<bool>);

/// Rows for each table, as many as unique keys allow.
async fn fill(connection: &mut PgConnection, random: &mut Random) {
    let tables: Vec<TableRow> = sqlx::query_as(include_str!("tables.sql"))
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for (table, columns, types, not_null) in &tables {
        for _ in 0..random.below(7) {
            let values = types.iter().zip(not_null).map(|(type_name, not_null)| {
                let null = !not_null && random.below(2) == 0;
                if null {
                    "NULL".to_owned()
                } else {
                    value(type_name, random)
                }
            });
            let values: Vec<String> = values.collect();
            let (columns, values) = (columns.join(", "), values.join(", "));
            let insert = format!(
                "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES ({values}) ON CONFLICT DO NOTHING"
            );
            execute(connection, "SAVEPOINT row").await;
            // A row without its parent is left out.
            if sqlx::raw_sql(AssertSqlSafe(insert))
                .execute(&mut *connection)
                .await
                .is_err()
            {
                execute(connection, "ROLLBACK TO row").await;
            }
        }
    }
    execute(connection, "REFRESH MATERIALIZED VIEW kept").await;
}

/// A literal of a type, from few enough that they meet.
fn value(type_name: &str, random: &mut Random) -> String {
    let pick = |random: &mut Random, values: &[&str]| {
        let index = usize::try_from(random.below(values.len() as u64)).unwrap();
        values[index].to_owned()
    };
    match type_name {
        "integer" | "bigint" | "smallint" | "numeric" | "double precision" => {
            (i64::try_from(random.below(6)).unwrap() - 1).to_string()
        }
        "text" | "character varying" => pick(random, &["''", "'a'", "'b'", "'A'"]),
        "boolean" => pick(random, &["true", "false"]),
        "timestamp with time zone" => pick(random, &["'2020-01-01'", "'2021-06-01'", "'infinity'"]),
        "jsonb" => pick(
            random,
            &["'null'", "'{}'", r#"'{"a": null, "b": 1}'"#, "'[1, null]'"],
        ),
        "integer[]" => pick(random, &["'{}'", "'{1,NULL}'", "'{1,2}'"]),
        "pair" => pick(random, &["'(,)'", "'(1,)'", "'(1,a)'"]),
        "mood" => pick(random, &["'calm'", "'wild'"]),
        other => panic!("no random value for {other}"),
    }
}

/// Numbers the statements, which stay prepared even if the transaction is rolled back.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// Runs a query; none if it fails with these rows and arguments.
async fn run(
    connection: &mut PgConnection,
    typed: &Typed,
    random: &mut Random,
) -> Option<Vec<PgRow>> {
    let mut arguments = Vec::new();
    for parameter in &typed.parameters {
        arguments.push(argument(connection, parameter, random).await);
    }
    let sql = &typed.query.sql.text;
    let list = if arguments.is_empty() {
        String::new()
    } else {
        format!("({})", arguments.join(", "))
    };
    let name = format!("promise_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let statement = format!("PREPARE {name} AS {sql}\n; EXECUTE {name}{list}");
    execute(connection, "SAVEPOINT promise").await;
    let rows = sqlx::raw_sql(AssertSqlSafe(statement))
        .fetch_all(&mut *connection)
        .await;
    execute(connection, "ROLLBACK TO promise").await;
    rows.ok()
}

/// The first column of a row that is NULL and should not be.
fn null_column(row: &PgRow, typed: &Typed) -> Option<String> {
    let columns = typed.columns.iter().enumerate();
    let mut promised = columns.filter(|(_, column)| !column.nullable);
    let null = promised.find(|(index, _)| row.try_get_raw(*index).unwrap().is_null());
    null.map(|(_, column)| column.name.clone())
}

/// The first array of a row that holds NULL and should not.
fn null_element(row: &PgRow, typed: &Typed) -> Option<String> {
    let columns = typed.columns.iter().enumerate();
    let mut promised = columns.filter(|(_, column)| !column.elements_nullable);
    let null = promised.find(|(index, _)| {
        let value = row.try_get_raw(*index).unwrap();
        !value.is_null() && holds_null(value.as_str().unwrap())
    });
    null.map(|(_, column)| column.name.clone())
}

/// Whether the text of an array has the word NULL outside quotes, which only stands for NULL.
fn holds_null(array: &str) -> bool {
    let plain = array.replace(r"\\", "").replace(r#"\""#, "");
    let unquoted = plain.split('"').step_by(2);
    unquoted
        .flat_map(|text| text.split(['{', '}', ',']))
        .any(|word| word == "NULL")
}

async fn argument(
    connection: &mut PgConnection,
    parameter: &TypedParameter,
    random: &mut Random,
) -> String {
    if parameter.nullable && random.below(2) == 0 {
        return "NULL".to_owned();
    }
    let oid = i64::from(parameter.type_oid);
    let name: (String,) = sqlx::query_as("SELECT format_type($1::oid, NULL)")
        .bind(oid)
        .fetch_one(connection)
        .await
        .unwrap();
    match name.0.as_str() {
        "integer[]" if parameter.elements_nullable => "'{1,NULL}'".to_owned(),
        // Other callers pass slices, which hold no NULL.
        "integer[]" => format!("ARRAY[{}]::int[]", random.below(6)),
        name => value(name, random),
    }
}
