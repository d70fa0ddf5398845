//! The truth table of cardinality, and the property behind it: on tables as full as their unique
//! keys allow, no query that is proved to give at most one row gives two.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use xact_codegen::query::analysis::{Cardinality, Typed};

use super::project::{analysed, database};
use super::truth::{cases, query_file};

const SCHEMA: &str = include_str!("cardinality/schema.sql");

/// Cases: a query, and below it `=>` with `1`, `0..1` or `many`.
const CASES: &str = include_str!("cardinality/cases.txt");

/// The values that each parameter is tried with.
const ARGUMENTS: &[&str] = &["0", "1", "2", "4", "'a'", "'A'", "NULL"];

fn mark(cardinality: &Cardinality) -> &'static str {
    match cardinality {
        Cardinality::ExactlyOne { .. } => "1",
        Cardinality::AtMostOne { .. } => "0..1",
        Cardinality::Unknown => "many",
    }
}

#[tokio::test]
async fn every_case_is_proved_as_expected_and_holds_on_full_tables() {
    let (_test, mut connection) = database(SCHEMA).await;
    let cases = cases(CASES);
    let (typed, _) = analysed(&mut connection, &query_file(&cases)).await;
    assert_eq!(typed.len(), cases.len());
    let mut wrong = String::new();
    for (case, typed) in cases.iter().zip(&typed) {
        let found = mark(&typed.cardinality);
        if found != case.expected {
            writeln!(wrong, "{}\n=> {found}, not {}\n", case.query, case.expected).unwrap();
        }
        wrong += &broken_promise(&mut connection, typed).await;
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The numbers of rows that contradict the proof.
async fn broken_promise(connection: &mut PgConnection, typed: &Typed) -> String {
    let mut wrong = String::new();
    let mut ran = false;
    let least = match typed.cardinality {
        Cardinality::ExactlyOne { .. } => 1,
        Cardinality::AtMostOne { .. } => 0,
        Cardinality::Unknown => return wrong,
    };
    let sql = &typed.query.sql.text;
    for arguments in argument_lists(typed.parameters.len()) {
        let Some(rows) = count(connection, sql, &arguments).await else {
            continue;
        };
        ran = true;
        if !(least..=1).contains(&rows) {
            writeln!(wrong, "{sql}\n   gave {rows} rows for ({arguments})\n").unwrap();
        }
    }
    if !ran {
        writeln!(wrong, "{sql}\n   never ran\n").unwrap();
    }
    wrong
}

/// Every combination of arguments for so many parameters.
fn argument_lists(parameters: usize) -> Vec<String> {
    let mut lists = vec![Vec::new()];
    for _ in 0..parameters {
        let longer = lists.iter().flat_map(|list| {
            ARGUMENTS.iter().map(move |argument| {
                let mut list: Vec<&str> = list.clone();
                list.push(argument);
                list
            })
        });
        lists = longer.collect();
    }
    lists.into_iter().map(|list| list.join(", ")).collect()
}

/// How many rows a query gives; none if the arguments do not fit it.
async fn count(connection: &mut PgConnection, sql: &str, arguments: &str) -> Option<usize> {
    let list = match arguments {
        "" => String::new(),
        arguments => format!("({arguments})"),
    };
    let statement = format!("PREPARE counted AS {sql}\n; EXECUTE counted{list}");
    let mut transaction = connection.begin().await.unwrap();
    let rows = sqlx::raw_sql(AssertSqlSafe(statement))
        .fetch_all(&mut *transaction)
        .await;
    transaction.rollback().await.unwrap();
    // A statement stays prepared even if the transaction is rolled back.
    let _ = sqlx::raw_sql("DEALLOCATE counted")
        .execute(connection)
        .await;
    Some(rows.ok()?.len())
}
