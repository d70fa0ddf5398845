//! Random queries with parts on random rows full of NULLs: whatever variant runs, its columns have the types that the query was
//! given, none that is never NULL yields NULL, and its text and plan are those of the query written by hand.

use super::statement::{Random, Statement, TABLES, random_rows};
use crate::analysis::project::database;
use sqlx::ValueRef as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments as _, AssertSqlSafe, Column as _, Executor as _, PgConnection, Row as _};
use std::sync::Arc;
use xact_codegen::query::analysis::{Typed, analyse};
use xact_codegen::query::{
    Authorised, Choices, Shape, TypeCatalog, VariantSql, add_variants, describe, expand_stars,
    fold_variants, parse,
};
use xact_codegen::report::diagnostic::{Severity, Style, render};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{Keys, Schema};
use xact_codegen::sql::lexer::words;

const STATEMENTS: usize = 64;
const VARIANTS: usize = 64;
/// How many plans are compared.
const PLANS: usize = 50;

#[tokio::test]
async fn no_variant_breaks_a_promise_of_its_query() {
    let seed = std::env::var("XACT_RANDOM_SEED").ok();
    let mut random = Random::new(seed.and_then(|seed| seed.parse().ok()).unwrap_or(1));
    let (_server, mut connection) = database(TABLES).await;
    let rows = random_rows(&mut random);
    connection.execute(AssertSqlSafe(rows)).await.unwrap();
    let statements: Vec<Statement> = (0..STATEMENTS)
        .map(|_| Statement::random(&mut random))
        .collect();
    let typed = type_queries(&mut connection, &statements).await;
    let (mut plans, mut with_rows, mut with_null) = (0, 0, 0);
    for (statement, query) in statements.iter().zip(&typed) {
        let shape = query.query.shape.clone().unwrap();
        for _ in 0..VARIANTS {
            let choices = random_choices(&shape, &mut random);
            let variant = shape.write_variant(choices);
            let expected = expected_text(statement, &shape, choices, &variant);
            assert_eq!(
                normalize(&variant.sql.text),
                normalize(&expected),
                "{statement}"
            );
            let values = random_values(query, &variant, &mut random);
            let sql = AssertSqlSafe(variant.sql.text.clone());
            let found = sqlx::query_with(sql, values)
                .fetch_all(&mut connection)
                .await;
            let rows =
                found.unwrap_or_else(|error| panic!("{error}\n{}\n{statement}", variant.sql.text));
            check_rows(query, &rows, &variant.sql.text);
            with_rows += usize::from(!rows.is_empty());
            with_null += usize::from(rows.iter().any(has_null));
            if plans < PLANS {
                plans += 1;
                let plan = plan_of(&mut connection, &variant.sql.text).await;
                assert_eq!(
                    plan,
                    plan_of(&mut connection, &expected).await,
                    "{statement}"
                );
            }
        }
    }
    // Otherwise nothing would have been tested.
    assert!(with_rows > 1000, "{with_rows} variants gave rows");
    assert!(with_null > 300, "{with_null} variants gave NULL");
}

/// Every query through the stages of the tool, none of which may refuse one.
async fn type_queries(connection: &mut PgConnection, statements: &[Statement]) -> Vec<Typed> {
    let text: Vec<String> = statements
        .iter()
        .enumerate()
        .map(|(number, statement)| format!("-- name: q{number} :many\n{statement};\n"))
        .collect();
    let (queries, mut diagnostics) = parse(&Arc::new(SourceFile::new(
        "queries/random.sql",
        text.join("\n"),
    )));
    let schema = Schema::default();
    let types = TypeCatalog::read(connection).await.unwrap();
    let (described, found) = describe(connection, queries, &schema).await.unwrap();
    diagnostics.extend(found);
    let (described, found) = expand_stars(connection, described, &types).await.unwrap();
    diagnostics.extend(found);
    let (mut described, variants, found) = add_variants(described);
    diagnostics.extend(found);
    let (more, found) = describe(connection, variants, &schema).await.unwrap();
    described.extend(more);
    diagnostics.extend(found);
    let keys = Keys::of(&schema);
    let (analysed, found) = analyse(connection, described, &types, &keys).await.unwrap();
    diagnostics.extend(found);
    let (folded, found) =
        fold_variants(analysed.into_iter().map(Authorised::from).collect(), &types);
    diagnostics.extend(found);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    assert!(
        diagnostics.is_empty(),
        "{}",
        render(&diagnostics, Style::Plain)
    );
    folded.into_iter().map(|query| query.typed).collect()
}

fn random_choices(shape: &Shape, random: &mut Random) -> Choices {
    let bits = shape.switches.iter().zip(0..);
    let choices = bits.fold(Choices::default(), |choices, (_, bit)| {
        if random.below(2) == 0 {
            choices
        } else {
            choices.with(bit)
        }
    });
    shape.alternatives.iter().fold(choices, |choices, group| {
        let index = random.below(group.choices.len());
        choices.with(group.first + u32::try_from(index).unwrap())
    })
}

/// The query as one writes it by hand, with the numbers that the variant has.
fn expected_text(
    statement: &Statement,
    shape: &Shape,
    choices: Choices,
    variant: &VariantSql,
) -> String {
    let switches = shape.switches.iter().zip(0..);
    let on: Vec<&str> = switches
        .filter(|(_, bit)| choices.has(*bit))
        .map(|(switch, _)| switch.name.as_str())
        .collect();
    let order = shape.alternatives.iter().find_map(|group| {
        let bit = group.bits().find(|bit| choices.has(*bit))?;
        Some(usize::try_from(bit - group.first).unwrap())
    });
    let mut text = statement.write_by_hand(&on, order.unwrap_or(0));
    for (place, index) in variant.parameters.iter().enumerate() {
        let name = shape.parameters[*index].name.as_ref().unwrap();
        text = text.replace(&format!(":{name}:"), &format!("${}:", place + 1));
    }
    text
}

fn normalize(sql: &str) -> String {
    let words = words(sql);
    let words: Vec<&str> = words.iter().map(|word| word.text).collect();
    words.join(" ")
}

fn random_values(query: &Typed, variant: &VariantSql, random: &mut Random) -> PgArguments {
    let mut values = PgArguments::default();
    for index in &variant.parameters {
        match query.parameters[*index].type_oid {
            25 => values.add(["a", "b", "c"][random.below(3)]).unwrap(),
            20 => values.add(i64::try_from(random.below(4)).unwrap()).unwrap(),
            other => panic!("a parameter of type {other}"),
        }
    }
    values
}

fn check_rows(query: &Typed, rows: &[PgRow], sql: &str) {
    for row in rows {
        assert_eq!(row.columns().len(), query.columns.len());
        for (index, column) in query.columns.iter().enumerate() {
            let oid = row.column(index).type_info().oid().map(|oid| oid.0);
            assert_eq!(oid, Some(column.type_oid), "{}\n{sql}", column.name);
            let value = row.try_get_raw(index).unwrap();
            assert!(
                column.nullable || !value.is_null(),
                "`{}` is NULL, but {}\n{sql}",
                column.name,
                column.evidence
            );
        }
    }
}

fn has_null(row: &PgRow) -> bool {
    (0..row.len()).any(|index| row.try_get_raw(index).unwrap().is_null())
}

/// The plan for any values.
async fn plan_of(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let count = words(sql)
        .iter()
        .filter_map(|word| word.text.strip_prefix('$')?.parse().ok())
        .max();
    let nulls = vec!["NULL"; count.unwrap_or(0)].join(", ");
    let arguments = if nulls.is_empty() {
        nulls
    } else {
        format!("({nulls})")
    };
    let script = format!("SET plan_cache_mode = force_generic_plan; PREPARE plan AS {sql}");
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(script)))
        .await
        .unwrap();
    let explain = format!("EXPLAIN EXECUTE plan{arguments}");
    let rows = sqlx::raw_sql(AssertSqlSafe(explain))
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    connection.execute("DEALLOCATE plan").await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
