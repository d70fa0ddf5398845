//! A batch has the effects of its statement for each element alone, all of them on the tables as they were before it.
//!
//! Random statements, rows and slices. Each element is run alone and taken back; if no two of them are about one row, the
//! batch has to give all their rows and leave all their changes. Run one after the other they leave the same, unless one
//! reads rows that another has written. `XACT_BATCH_STATEMENTS` is the number of statements.

mod run;
mod statement;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sqlx::PgConnection;
use xact_codegen::query::Finished;
use xact_codegen::query::analysis::analyse;
use xact_codegen::query::{TypeCatalog, describe, parse, take_slices};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{Keys, Schema};

use super::project::{database, execute};
use super::random::Random;
use run::{Effect, Element, State, arguments, arguments_of_slice, attempt, state};
use statement::{Kind, Statement, statement};

/// How many statements are tried by default.
const STATEMENTS: usize = 80;

/// How many are analysed together.
const TOGETHER: usize = 40;

/// How many fillings and slices each statement meets.
const SLICES: u64 = 6;

#[tokio::test]
async fn a_batch_does_what_its_statement_does_for_each_element() {
    let wanted = std::env::var("XACT_BATCH_STATEMENTS").ok();
    let wanted = wanted.map_or(STATEMENTS, |count| count.parse().unwrap());
    let (_test, mut connection) = database(include_str!("schema.sql")).await;
    let mut random = Random::new(7);
    let mut tried = Tried::default();
    for _ in 0..wanted.div_ceil(TOGETHER) {
        let statements: Vec<Statement> = (0..TOGETHER).map(|_| statement(&mut random)).collect();
        for (typed, statement) in taken(&mut connection, &statements).await {
            for _ in 0..SLICES {
                execute(&mut connection, "BEGIN").await;
                fill(&mut connection, &mut random).await;
                try_slice(&mut connection, &typed, statement, &mut random, &mut tried).await;
                execute(&mut connection, "ROLLBACK").await;
            }
        }
    }
    println!("{tried:?}");
    assert!(tried.wrong.is_empty(), "{}", tried.wrong.join("\n\n"));
    assert!(
        tried.equal * 20 > wanted,
        "too little was compared: {tried:?}"
    );
}

#[derive(Debug, Default)]
struct Tried {
    /// Slices of which no two elements are about one row, with all rows and all changes compared.
    equal: usize,
    /// The same, compared with running one element after the other.
    in_order: usize,
    /// Slices of which two elements are about one row.
    overlapping: usize,
    /// Slices with an element that fails alone.
    failed: usize,
    wrong: Vec<String>,
}

/// The statements that Postgres accepts and that take a slice.
async fn taken<'s>(
    connection: &mut PgConnection,
    statements: &'s [Statement],
) -> Vec<(Finished, &'s Statement)> {
    let numbered = statements.iter().enumerate();
    let named = numbered.map(|(number, statement)| {
        let sql = statement.sql.as_str();
        ["-- name: s_", &number.to_string(), " :batch\n", sql, ";\n"].concat()
    });
    let text: String = named.collect();
    let path = "queries/test.sql".to_owned();
    let (queries, diagnostics) = parse(&Arc::new(SourceFile::new(path, text)));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let schema = Schema::default();
    let (described, _) = describe(connection, queries, &schema).await.unwrap();
    let types = TypeCatalog::read(connection).await.unwrap();
    let keys = Keys::of(&schema);
    let (analysed, _) = analyse(connection, described, &types, &keys).await.unwrap();
    let authorised = analysed.into_iter().map(Into::into).collect();
    let (taken, _) = take_slices(connection, authorised, &types, &schema)
        .await
        .unwrap();
    let of = |typed: Finished| {
        let number: usize = typed.query.name[2..].parse().unwrap();
        (typed, &statements[number])
    };
    taken.into_iter().map(of).collect()
}

/// A few rows in each table, some of their values NULL.
async fn fill(connection: &mut PgConnection, random: &mut Random) {
    let text = |random: &mut Random| random.of(&["NULL", "'a'", "'b'", "'c'"]);
    let number = |random: &mut Random| match random.below(5) {
        0 => "NULL".to_owned(),
        other => other.to_string(),
    };
    let mut inserts = Vec::new();
    for key in 0..5 {
        if random.below(3) > 0 {
            let label = random.of(&["'a'", "'b'", "'c'"]);
            let text = text(random);
            inserts.push(format!("INSERT INTO teams VALUES ({key}, {label}, {text})"));
        }
        if random.below(3) > 0 {
            let number = number(random);
            inserts.push(format!("INSERT INTO quotas VALUES ({key}, {number})"));
        }
        if random.below(4) > 0 {
            let (quota, nick) = (number(random), text(random));
            inserts.push(format!(
                "INSERT INTO seats VALUES ({key}, {quota}, {nick}, '{{x,NULL}}')"
            ));
        }
    }
    execute(connection, &inserts.join(";\n")).await;
}

async fn try_slice(
    connection: &mut PgConnection,
    typed: &Finished,
    statement: &Statement,
    random: &mut Random,
    tried: &mut Tried,
) {
    let elements: Vec<Element> = (0..=random.below(3))
        .map(|_| run::element(typed, random))
        .collect();
    let bulk = typed.bulk.as_ref().unwrap();
    let sql = &typed.query.sql.text;
    let before = state(connection).await;
    let (mut alone, mut matched) = (Vec::new(), Vec::new());
    for element in &elements {
        let Ok(effect) = attempt(connection, sql, &arguments(element)).await else {
            tried.failed += 1;
            return;
        };
        matched.push(matches(connection, statement, typed, element, &effect).await);
        alone.push(effect);
    }
    let overlap = overlap(&matched);
    let batch = attempt(connection, &bulk.sql, &arguments_of_slice(bulk, &elements)).await;
    let batch = match batch {
        Ok(batch) => batch,
        // ON CONFLICT DO UPDATE of one row twice, and a key twice.
        Err(_) if overlap && statement.kind == Kind::Insert => return,
        Err(error) => {
            tried
                .wrong
                .push(format!("{}\n{elements:?}\nfails: {error}", bulk.sql));
            return;
        }
    };
    let mut wrong = promised_null(typed, &batch);
    let many = matched
        .iter()
        .flat_map(BTreeMap::values)
        .any(|values| values.len() > 1);
    if overlap || many {
        tried.overlapping += 1;
        if statement.kind == Kind::Delete {
            let gone: State = changed_by_all(&before, &alone);
            wrong.extend(difference("the tables", &gone, &batch.state));
        }
    } else {
        tried.equal += 1;
        let rows = rows_of_elements(&alone, bulk.numbered);
        wrong.extend(difference("the rows", &rows, &batch.rows));
        let state = changed_by_all(&before, &alone);
        wrong.extend(difference("the tables", &state, &batch.state));
        if !reads_what_it_writes(sql) {
            tried.in_order += 1;
            let in_order = one_after_the_other(connection, sql, &elements).await;
            let rows = without_elements(&batch.rows, bulk.numbered);
            wrong.extend(difference("in order, the rows", &in_order.rows, &rows));
            wrong.extend(difference(
                "in order, the tables",
                &in_order.state,
                &batch.state,
            ));
        }
    }
    if !wrong.is_empty() {
        let words = wrong.join("\n");
        tried
            .wrong
            .push(format!("{sql}\nas {}\n{elements:?}\n{words}", bulk.sql));
    }
}

/// The rows that the elements give alone, as a batch gives them: with the number of the element as the last column.
fn rows_of_elements(alone: &[Effect], is_numbered: bool) -> Vec<String> {
    let numbered = (1..).zip(alone);
    let mut rows: Vec<String> = numbered
        .flat_map(|(element, effect): (usize, _)| {
            effect.rows.iter().map(move |row| {
                if is_numbered {
                    format!("{row} | {element}")
                } else {
                    row.clone()
                }
            })
        })
        .collect();
    rows.sort();
    rows
}

/// The rows of a batch without the numbers of the elements.
fn without_elements(rows: &[String], is_numbered: bool) -> Vec<String> {
    let bare = |row: &String| match row.rsplit_once(" | ") {
        Some((row, _)) if is_numbered => row.to_owned(),
        _ => row.clone(),
    };
    let mut rows: Vec<String> = rows.iter().map(bare).collect();
    rows.sort();
    rows
}

/// The rows that an element is about, by key, each with the values that it may be given.
async fn matches(
    connection: &mut PgConnection,
    statement: &Statement,
    typed: &Finished,
    element: &Element,
    effect: &Effect,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let Some(query) = &statement.matches else {
        // A row of a table without a key is about no row that another element could be about.
        if typed.query.sql.text.starts_with("INSERT INTO seats") {
            let keys = effect.rows.iter().filter_map(|row| row.split(" | ").next());
            found.extend(keys.map(|key| (key.to_owned(), BTreeSet::new())));
        }
        return found;
    };
    let sql = in_numbers(query, typed);
    let arguments = arguments(element);
    for row in run::run(connection, &sql, &arguments).await.unwrap() {
        let text = run::text(&row);
        let (key, values) = text.split_once(" | ").unwrap();
        found
            .entry(key.to_owned())
            .or_default()
            .insert(values.to_owned());
    }
    found
}

/// The query with the parameters of the statement, all of which it mentions, so that their types are known.
fn in_numbers(query: &str, typed: &Finished) -> String {
    let mut sql = query.to_owned();
    let mut names: Vec<(usize, &str)> = Vec::new();
    for (index, parameter) in typed.parameters.iter().enumerate() {
        names.push((index + 1, &parameter.name));
    }
    // The longest first: `:word` is the beginning of `:word2`.
    names.sort_by_key(|(_, name)| std::cmp::Reverse(name.len()));
    let mut all = Vec::new();
    for (number, name) in names {
        let type_name = match typed.parameters[number - 1].type_oid {
            23 => "int4",
            25 => "text",
            1007 => "int4[]",
            _ => "text[]",
        };
        for mark in ["[?]", "?", ""] {
            sql = sql.replace(
                &format!(":{name}{mark}"),
                &format!("(${number}::{type_name})"),
            );
        }
        all.push(format!("(${number}::{type_name}) IS NULL"));
    }
    format!(
        "SELECT m.* FROM ({sql}) AS m WHERE true OR {}",
        all.join(" OR ")
    )
}

fn overlap(matched: &[BTreeMap<String, BTreeSet<String>>]) -> bool {
    let mut seen = BTreeSet::new();
    matched
        .iter()
        .flat_map(BTreeMap::keys)
        .any(|key| !seen.insert(key))
}

/// The state with the changes of every element.
fn changed_by_all(before: &State, alone: &[Effect]) -> State {
    let mut state = before.clone();
    for effect in alone {
        let rows: BTreeSet<&String> = before.keys().chain(effect.state.keys()).collect();
        for row in rows {
            let count = |state: &State| state.get(row).copied().unwrap_or_default();
            let change = count(&effect.state) - count(before);
            *state.entry(row.clone()).or_default() += change;
        }
    }
    // A row that two elements delete is deleted once.
    state.retain(|_, count| *count > 0);
    state
}

/// Whether an element can see the writes of one before it: the value of a column that the statement sets is in its conditions.
fn reads_what_it_writes(sql: &str) -> bool {
    let condition = sql
        .split_once("WHERE")
        .map_or("", |(_, condition)| condition);
    sql.starts_with("UPDATE") && condition.contains("s.nick")
}

async fn one_after_the_other(
    connection: &mut PgConnection,
    sql: &str,
    elements: &[Element],
) -> Effect {
    execute(connection, "SAVEPOINT in_order").await;
    let mut rows = Vec::new();
    for element in elements {
        rows.extend(
            run::run(connection, sql, &arguments(element))
                .await
                .unwrap(),
        );
    }
    let effect = run::effect(connection, &rows).await;
    execute(connection, "ROLLBACK TO in_order").await;
    effect
}

/// The columns that are never NULL by the proofs of the statement for one row, and were.
fn promised_null(typed: &Finished, batch: &Effect) -> Vec<String> {
    let promised = typed.columns.iter().filter(|column| !column.nullable);
    let null = promised.filter(|column| batch.nulls.contains(&column.name));
    null.map(|column| format!("`{}` was NULL", column.name))
        .collect()
}

fn difference<T: std::fmt::Debug + PartialEq>(
    subject: &str,
    wanted: &T,
    found: &T,
) -> Option<String> {
    (wanted != found).then(|| format!("{subject}: {found:?}\n   instead of {wanted:?}"))
}
