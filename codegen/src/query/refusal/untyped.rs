//! Parameters whose type Postgres cannot determine, and values of another type than their column.

use super::Advice;
use super::from_items::read_from_items;
use super::statement::{RefusedStatement, statement_words};
use crate::query::{DescribedQuery, Parameter, Query};
use crate::report::Failure;
use crate::report::diagnostic::{Diagnostic, refusal_of};
use crate::schema::Schema;
use crate::sql::lexer::{TokenKind, Word, find_opening, words};
use sqlx::postgres::PgTypeInfo;
use sqlx::postgres::types::Oid;
use sqlx::{AssertSqlSafe, Either, Executor as _, PgConnection, SqlSafeStr as _, Statement as _};
use std::collections::BTreeSet;
use std::ops::Range;

/// `indeterminate_datatype` and `ambiguous_parameter`.
const UNTYPED: &[&str] = &["42P18", "42P08"];

/// Advice about a parameter without a type, or about a value of another type than its column.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let code = refused.error.code();
    match code {
        "42804" => return advise_on_assignment(refused),
        "42725" => return advise_on_operands(refused),
        "428C9" => return advise_on_generated(refused),
        _ => {}
    }
    UNTYPED.contains(&code).then_some(())?;
    let parameter = find_parameter(refused.error.message(), refused.query)?;
    let written = parameter.span.text();
    let typed = format!("{written}::text");
    let help = format!("write the type of the parameter: `{typed}`");
    let place = parameter.span.clone();
    Some(Advice::at(place.clone(), help).with_fix(place, typed))
}

/// The parameter of `could not determine data type of parameter $1`: its number is the same in every language.
fn find_parameter<'q>(message: &str, query: &'q Query) -> Option<&'q Parameter> {
    let (_, number) = message.rsplit_once('$')?;
    let digits = number.find(|c: char| !c.is_ascii_digit());
    let number: usize = number[..digits.unwrap_or(number.len())].parse().ok()?;
    query.parameters.get(number.checked_sub(1)?)
}

/// `:since - '1 day'`: neither side has a type, so every version of the operator fits.
fn advise_on_operands(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let at = refused.at?;
    let sides = [refused.operand_before(at), refused.operand_at(at + 1)];
    let is_parameter =
        |side: &&str| side.starts_with(':') || side.starts_with('@') || side.starts_with('$');
    let parameter = sides.into_iter().flatten().find(is_parameter)?;
    Some(Advice::new(format!(
        "write the type of the parameter: `{parameter}::…`"
    )))
}

/// A value for a column that Postgres fills: GENERATED ALWAYS.
fn advise_on_generated(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let name = refused.error.message().split('"').nth(1)?;
    Some(Advice::new(format!(
        "leave `{name}` out of the columns: Postgres gives its value"
    )))
}

/// `SET words = title`, where the column is no text: the cast to the type of the column.
fn advise_on_assignment(refused: &RefusedStatement<'_>) -> Option<Advice> {
    // Postgres names the column in quotes, and then both types.
    let name = refused.error.message().split('"').nth(1)?;
    let at = refused.at?;
    let value = refused.operand_at(at)?;
    let tables = refused.schema.tables.iter();
    let mut written = tables.filter(|table| {
        let mut items = refused.from.iter();
        items.any(|item| item.relation == table.name.name)
    });
    let column = written.find_map(|table| table.column(name))?;
    // The same code is raised for CASE and UNION, where the position is not a value that is
    // assigned.
    let is_assigned = refused.is_from("transformAssignedExpr");
    let place = refused.span_of(value).filter(|_| is_assigned)?;
    let cast = format!("{value}::{}", column.data_type);
    let help = format!("cast it to the type of the column: `{cast}`");
    Some(Advice::new(help).with_fix(place, cast))
}

/// `:kind? IS NULL OR kind = :kind`: the statement with the type of the other use in the test for NULL.
///
/// Postgres types a parameter at its first use, and IS NULL takes any type, so it refuses the filter that every list of optional
/// conditions has. The same statement in the other order is accepted with the type that is written here.
///
/// # Errors
/// If the connection breaks.
pub(in crate::query) async fn add_casts(
    connection: &mut PgConnection,
    query: &Query,
    error: &sqlx::Error,
) -> Result<Option<Query>, Failure> {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    if !code.is_some_and(|code| UNTYPED.contains(&code.as_ref())) {
        return Ok(None);
    }
    let tests = find_null_tests(&query.sql.text);
    // The numbers of parameters stay, because each of these has another use.
    let without = tests
        .iter()
        // A value of some type in place of the test, so that the first use of the parameter is the
        // one that gives its type.
        .map(|test| (test.range.clone(), "NULL::pg_catalog.text".to_owned()));
    let without = query.sql.with_edits(&without.collect::<Vec<_>>());
    if tests.is_empty() {
        return Ok(None);
    }
    let statement = (&mut *connection)
        .prepare(AssertSqlSafe(without.text).into_sql_str())
        .await;
    let statement = match statement {
        Ok(statement) => statement,
        Err(sqlx::Error::ColumnDecode { .. }) => return Ok(None),
        Err(error) => {
            refusal_of(error).map_err(Failure::query(&query.name))?;
            // Still refused: the first error is the one to report.
            return Ok(None);
        }
    };
    let Some(Either::Left(found)) = statement.parameters() else {
        return Ok(None);
    };
    let mut edits = Vec::new();
    for test in tests {
        let Some(oid) = found.get(test.number - 1).and_then(PgTypeInfo::oid) else {
            return Ok(None);
        };
        let name = name_type(connection, oid)
            .await
            .map_err(Failure::connection("typing a parameter"))?;
        edits.push((test.range, format!("${}::{name}", test.number)));
    }
    Ok(Some(Query {
        sql: query.sql.with_edits(&edits),
        ..query.clone()
    }))
}

/// A type as SQL names it under the search path of the session.
async fn name_type(connection: &mut PgConnection, oid: Oid) -> Result<String, sqlx::Error> {
    let sql = "SELECT pg_catalog.format_type($1, NULL)";
    sqlx::query_scalar(sql)
        .bind(oid)
        .fetch_one(connection)
        .await
}

/// `$1` in `$1 IS NULL`.
struct NullTest {
    number: usize,
    range: Range<usize>,
}

/// The tests for NULL of parameters that are used elsewhere too.
fn find_null_tests(sql: &str) -> Vec<NullTest> {
    let words = words(sql);
    let number_of = |index: usize| -> Option<usize> {
        let word = words
            .get(index)
            .filter(|word| word.kind == TokenKind::Positional)?;
        word.text[1..].parse().ok()
    };
    let text_at = |index: usize| words.get(index).map_or("", |word| word.text);
    let is_test = |index: usize| {
        let is = |at: usize, keyword: &str| words.get(at).is_some_and(|word| word.is(keyword));
        let null = index + 2 + usize::from(is(index + 2, "NOT"));
        let is_cast = index > 0 && text_at(index - 1) == "::";
        is(index + 1, "IS") && is(null, "NULL") && !is_cast
    };
    let used: BTreeSet<usize> = (0..words.len())
        .filter(|index| !is_test(*index))
        .filter_map(number_of)
        .collect();
    let tests = (0..words.len()).filter(|index| is_test(*index));
    let tests = tests.filter_map(|index| {
        // A parameter that is only tested has no use that could give its type.
        let number = number_of(index).filter(|number| used.contains(number))?;
        let range = words[index].range.clone();
        Some(NullTest { number, range })
    });
    tests.collect()
}

/// `record` and `record[]`, whose OIDs are the same in every database (`pg_type.dat`).
const RECORDS: &[u32] = &[2249, 2287];

/// Refuses a parameter of rows, `(a, b) = ANY (:pairs)`: no client can send rows without a type.
pub(in crate::query) fn refuse_records(
    described: &DescribedQuery,
    schema: &Schema,
) -> Option<Diagnostic> {
    let mut parameters = described.parameters.iter();
    let index = parameters.position(|oid| RECORDS.contains(oid))?;
    let span = &described.query.parameters.get(index)?.span;
    let message = format!(
        "`{}` is a row without a type, which no client can send",
        span.text()
    );
    // An element of a slice has no list of rows, so that a `:batch` query takes an array for each column.
    let at = span.range.start;
    let list = write_list(&described.query, at).filter(|_| !described.query.command.is_bulk());
    let help = list.or_else(|| write_unnest(&described.query, at, schema));
    let help = help.unwrap_or_else(|| {
        "pass an array for each column: `IN (SELECT a, b FROM unnest(:a, :b) AS pair (a, b))`"
            .to_owned()
    });
    Some(Diagnostic::error("unmapped-type", span.clone(), message).help(help))
}

/// `(a, b) = ANY (:pairs)` → `(a, b) IN (:pairs)`
fn write_list(query: &Query, parameter: usize) -> Option<String> {
    let words = statement_words(query);
    let at = words
        .iter()
        .position(|word| word.range.start == parameter)?;
    let close = at.checked_sub(4)?;
    let keyword = match (words[close + 1].text, &words[close + 2]) {
        ("=", word) if word.is("ANY") || word.is("SOME") => "IN",
        ("<>" | "!=", word) if word.is("ALL") => "NOT IN",
        _ => return None,
    };
    let open = find_opening(&words, close).filter(|_| words[close].text == ")")?;
    let row = words[open].range.start..words[close].range.end;
    let row = query.span.file.text.get(row)?;
    // Only a named parameter is a list of rows.
    let name = words[at].text.strip_prefix(':').unwrap_or("pairs");
    Some(format!(
        "write `{row} {keyword} (:{name})`, which takes a slice of tuples"
    ))
}

/// `(a, b) = ANY (:pairs)` → `(a, b) IN (SELECT a, b FROM unnest(:a::int[], :b::int[]) AS pair (a, b))`
fn write_unnest(query: &Query, parameter: usize, schema: &Schema) -> Option<String> {
    let words = statement_words(query);
    let at = words
        .iter()
        .position(|word| word.range.start == parameter)?;
    let any = at.checked_sub(2).filter(|any| words[*any].is("ANY"))?;
    let close = any
        .checked_sub(2)
        .filter(|close| words[*close].text == ")")?;
    let open = find_opening(&words, close)?;
    let from = read_from_items(&words);
    let columns: Option<Vec<String>> = words[open + 1..close]
        .split(|word| word.text == ",")
        // The last word of `t.a`, since `unnest` names its columns without a table.
        .map(|column| column.last().and_then(Word::name))
        .collect();
    let columns = columns?;
    let type_of = |name: &String| {
        let tables = schema.tables.iter();
        let mut named =
            tables.filter(|table| from.iter().any(|item| item.relation == table.name.name));
        named.find_map(|table| Some(table.column(name)?.data_type.clone()))
    };
    let arrays: Option<Vec<String>> = columns
        .iter()
        .map(|name| Some(format!(":{name}s::{}[]", type_of(name)?)))
        .collect();
    let (arrays, list) = (arrays?.join(", "), columns.join(", "));
    let left = query
        .span
        .file
        .text
        .get(words[open].range.start..words[close].range.end)?;
    Some(format!(
        "pass an array for each column: `{left} IN (SELECT {list} FROM unnest({arrays}) AS pair ({list}))`"
    ))
}

#[cfg(test)]
mod tests {
    use super::find_null_tests;

    #[test]
    fn only_tests_of_parameters_with_another_use_are_found() {
        let found = |sql: &str| -> Vec<usize> {
            let tests = find_null_tests(sql).into_iter();
            tests.map(|test| test.number).collect()
        };
        assert_eq!(found("SELECT 1 WHERE $1 IS NULL OR a = $1"), [1]);
        assert_eq!(
            found("SELECT 1 WHERE $1 IS NOT NULL AND a = $1 AND $2 IS NULL"),
            [1]
        );
        assert_eq!(
            found("SELECT 1 WHERE a::$1 IS NULL OR $1 IS DISTINCT FROM a"),
            [0_usize; 0]
        );
    }
}
