//! Runs a statement for one element, or for a slice of them, and takes its effects back.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Column as _, PgConnection, Row as _, ValueRef as _};
use xact_codegen::query::Finished;
use xact_codegen::query::{Bulk, BulkForm};

use super::super::project::execute;
use super::super::random::Random;

/// The values of one element, by parameter: of a list, one for each of its elements.
pub(super) type Element = Vec<Value>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// As SQL.
    One(String),
    List(Option<Vec<String>>),
}

/// The effect of a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Effect {
    /// The rows that it returned, as text, sorted.
    pub(super) rows: Vec<String>,
    /// The rows of the tables afterwards: how many of each.
    pub(super) state: State,
    /// The names of columns that held NULL.
    pub(super) nulls: Vec<String>,
}

pub(super) type State = BTreeMap<String, i64>;

pub(super) fn element(typed: &Finished, random: &mut Random) -> Element {
    let parameters = typed.parameters.iter();
    parameters
        .map(|parameter| {
            let null = parameter.nullable && random.below(3) == 0;
            let one = |random: &mut Random, nullable: bool| match parameter.type_oid {
                _ if nullable && random.below(3) == 0 => "NULL".to_owned(),
                INT4 | INT4_ARRAY => random.below(7).to_string(),
                TEXT | TEXT_ARRAY => format!("'{}'", random.of(&["a", "b", "c", ""])),
                other => panic!("no value for the type {other}"),
            };
            match parameter.type_oid {
                INT4_ARRAY | TEXT_ARRAY if null => Value::List(None),
                INT4_ARRAY | TEXT_ARRAY => {
                    let length = random.below(3);
                    let nullable = parameter.elements_nullable;
                    Value::List(Some((0..length).map(|_| one(random, nullable)).collect()))
                }
                _ if null => Value::One("NULL".to_owned()),
                _ => Value::One(one(random, false)),
            }
        })
        .collect()
}

const INT4: u32 = 23;
const TEXT: u32 = 25;
const INT4_ARRAY: u32 = 1007;
const TEXT_ARRAY: u32 = 1009;

/// Arguments for the statement as it is written.
pub(super) fn arguments(element: &Element) -> Vec<String> {
    let values = element.iter().map(|value| match value {
        Value::One(value) => value.clone(),
        Value::List(None) => "NULL".to_owned(),
        Value::List(Some(values)) if values.is_empty() => "'{}'".to_owned(),
        // NULLs alone would be text.
        Value::List(Some(values)) if values.iter().all(|value| value == "NULL") => {
            format!("'{{{}}}'", values.join(","))
        }
        Value::List(Some(values)) => format!("ARRAY[{}]", values.join(", ")),
    });
    values.collect()
}

/// Arguments for the statement that takes all of them, as the runtime sends them.
pub(super) fn arguments_of_slice(bulk: &Bulk, elements: &[Element]) -> Vec<String> {
    let mut arguments = Vec::new();
    for taken in &bulk.values {
        let of_each = elements.iter().map(|element| &element[taken.parameter]);
        let type_name = match taken.type_oid {
            INT4 => "int4",
            _ => "text",
        };
        match taken.shape {
            BulkForm::Value => {
                let values = of_each.map(|value| match value {
                    Value::One(value) => value.clone(),
                    Value::List(_) => panic!("a list is no value"),
                });
                arguments.push(typed_array(&values.collect::<Vec<_>>(), type_name));
            }
            BulkForm::List => {
                let (mut from, mut to, mut all) = (Vec::new(), Vec::new(), Vec::new());
                for value in of_each {
                    let Value::List(list) = value else {
                        panic!("a value is no list");
                    };
                    let Some(list) = list else {
                        from.push("NULL".to_owned());
                        to.push("NULL".to_owned());
                        continue;
                    };
                    from.push((all.len() + 1).to_string());
                    all.extend(list.iter().cloned());
                    to.push(all.len().to_string());
                }
                arguments.push(typed_array(&from, "int4"));
                arguments.push(typed_array(&to, "int4"));
                arguments.push(typed_array(&all, type_name));
            }
        }
    }
    arguments
}

fn typed_array(values: &[String], type_name: &str) -> String {
    format!("ARRAY[{}]::{type_name}[]", values.join(", "))
}

/// Numbers the statements, which stay prepared even if the transaction is rolled back.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The rows that a statement gives with these arguments; the error's words if it fails.
pub(super) async fn run(
    connection: &mut PgConnection,
    sql: &str,
    arguments: &[String],
) -> Result<Vec<PgRow>, String> {
    let name = format!("batch_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let list = if arguments.is_empty() {
        String::new()
    } else {
        format!("({})", arguments.join(", "))
    };
    let text = format!("PREPARE {name} AS {sql}\n; EXECUTE {name}{list}; DEALLOCATE {name}");
    let rows = sqlx::raw_sql(AssertSqlSafe(text))
        .fetch_all(connection)
        .await;
    rows.map_err(|error| error.to_string())
}

/// Runs a statement and rolls it back.
pub(super) async fn attempt(
    connection: &mut PgConnection,
    sql: &str,
    arguments: &[String],
) -> Result<Effect, String> {
    execute(connection, "SAVEPOINT batch").await;
    let effect = match run(connection, sql, arguments).await {
        Ok(rows) => Ok(effect(connection, &rows).await),
        Err(error) => Err(error),
    };
    execute(connection, "ROLLBACK TO batch").await;
    effect
}

pub(super) async fn effect(connection: &mut PgConnection, rows: &[PgRow]) -> Effect {
    let mut given: Vec<String> = rows.iter().map(text).collect();
    given.sort();
    let mut nulls: Vec<String> = rows.iter().flat_map(null_columns).collect();
    nulls.sort();
    nulls.dedup();
    Effect {
        rows: given,
        state: state(connection).await,
        nulls,
    }
}

pub(super) async fn state(connection: &mut PgConnection) -> State {
    let sql = "SELECT 'seat ' || s::text AS row FROM seats s UNION ALL SELECT 'entry ' || e::text FROM entries e";
    let rows = sqlx::raw_sql(sql).fetch_all(connection).await.unwrap();
    let mut state = State::new();
    for row in &rows {
        *state.entry(text(row)).or_default() += 1;
    }
    state
}

/// The row as text.
pub(super) fn text(row: &PgRow) -> String {
    let values = (0..row.len()).map(|index| {
        let value = row.try_get_raw(index).unwrap();
        if value.is_null() {
            "NULL".to_owned()
        } else {
            value.as_str().unwrap().to_owned()
        }
    });
    values.collect::<Vec<_>>().join(" | ")
}

fn null_columns(row: &PgRow) -> Vec<String> {
    let columns = row.columns().iter().enumerate();
    let null = columns.filter(|(index, _)| row.try_get_raw(*index).unwrap().is_null());
    null.map(|(_, column)| column.name().to_owned()).collect()
}
