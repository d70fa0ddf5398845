//! Functions and operators that do not exist for these types: the nearest name, or the types that there are.

use super::Advice;
use super::dialects::find_own_expression;
use super::statement::RefusedStatement;
use crate::catalog_query::fetch_catalog_with;
use crate::report::Failure;
use crate::report::diagnostic::nearest;
use crate::sql::identifier::write_identifier;
use crate::sql::lexer::{TokenKind, Word};
use sqlx::{PgConnection, Row as _};

/// More signatures than this are not read.
const MOST_SIGNATURES: usize = 4;

/// Operators of other languages and databases, with the types that tell them apart, and the operator of Postgres.
const FOREIGN_OPERATORS: &[(&str, &str, &str)] = &[
    ("==", "", "="),
    ("===", "", "="),
    ("!==", "", "<>"),
    ("&&", "boolean", "AND"),
    ("||", "boolean", "OR"),
    ("+", "text", "||"),
    ("+", "character varying", "||"),
];

/// Operators that are written as keywords, and their names.
const KEYWORDS: &[(&str, &str)] = &[("LIKE", "~~"), ("ILIKE", "~~*")];

/// Advice about a function or operator that does not exist.
///
/// # Errors
/// If the connection breaks.
pub(super) async fn advise(
    connection: &mut PgConnection,
    refused: &RefusedStatement<'_>,
) -> Result<Option<Advice>, Failure> {
    // 42883 is `undefined_function`, which is also that of operators.
    if refused.error.code() != "42883" {
        return Ok(None);
    }
    let Some(word) = refused.word() else {
        return Ok(None);
    };
    let named = KEYWORDS.iter().find(|(keyword, _)| word.is(keyword));
    let operator = match named {
        Some((_, operator)) => Some(*operator),
        None => (word.kind == TokenKind::Operator).then_some(word.text),
    };
    let advice = if let Some(operator) = operator {
        advise_on_operator(connection, refused, operator).await
    } else {
        advise_on_function(connection, refused).await
    };
    advice.map_err(Failure::connection("looking for functions"))
}

async fn advise_on_function(
    connection: &mut PgConnection,
    refused: &RefusedStatement<'_>,
) -> Result<Option<Advice>, sqlx::Error> {
    let mut at = refused.at.unwrap_or_default();
    while refused
        .words
        .get(at + 1)
        .is_some_and(|word| word.text == ".")
    {
        at += 2;
    }
    let Some(name) = refused.words.get(at).and_then(Word::name) else {
        return Ok(None);
    };
    // First the functions of other databases: the nearest name of Postgres would be a wrong guess.
    if let Some(own) = find_own_expression(&name) {
        return Ok(Some(Advice::new(format!("Postgres writes it `{own}`"))));
    }
    let sql = include_str!("functions.sql");
    let rows = fetch_catalog_with(connection, sql, |query| query.bind(&name)).await?;
    let (mut names, mut signatures) = (Vec::new(), Vec::new());
    for row in &rows {
        names.push(row.try_get::<String, _>("name")?);
        signatures.extend(
            row.try_get::<Option<Vec<String>>, _>("signatures")?
                .into_iter()
                .flatten(),
        );
    }
    if !signatures.is_empty() {
        let more = if signatures.len() > MOST_SIGNATURES {
            " and others"
        } else {
            ""
        };
        signatures.truncate(MOST_SIGNATURES);
        let listed: Vec<String> = signatures
            .iter()
            .map(|signature| format!("`{name}({signature})`"))
            .collect();
        let help = format!(
            "there is {}{more}; check the order and the types of the arguments",
            listed.join(", ")
        );
        return Ok(Some(Advice::new(help)));
    }
    let meant = nearest(&name, names.iter().map(String::as_str));
    let place = refused.span(refused.words[at].range.clone());
    Ok(meant.map(|meant| {
        let advice = Advice::new(format!("perhaps you meant `{meant}`"));
        advice.with_fix(place, write_identifier(meant))
    }))
}

async fn advise_on_operator(
    connection: &mut PgConnection,
    refused: &RefusedStatement<'_>,
    operator: &str,
) -> Result<Option<Advice>, sqlx::Error> {
    // No field of the error has the types; in its message they are around the operator, in every language.
    let message = refused.error.message();
    // `operator does not exist: text + text`: the part behind the last colon is the same in every
    // language.
    let tail = message.rsplit(": ").next().unwrap_or_default();
    let Some((left, right)) = tail.split_once(&format!(" {operator} ")) else {
        return Ok(None);
    };
    let foreign = FOREIGN_OPERATORS.iter().find(|(name, of_type, _)| {
        *name == operator && (of_type.is_empty() || [left, right].contains(of_type))
    });
    if let Some((_, _, own)) = foreign {
        let advice = Advice::new(format!("Postgres writes it `{own}`"));
        let place = refused.word().map(|word| refused.span(word.range.clone()));
        return Ok(Some(match place {
            Some(place) => advice.with_fix(place, *own),
            None => advice,
        }));
    }
    let sql = include_str!("operators.sql");
    let bind = [operator, left, right].map(str::to_owned);
    let rows = fetch_catalog_with(connection, sql, |query| {
        bind.into_iter().fold(query, sqlx::query::Query::bind)
    });
    let rows = rows.await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let types: Vec<String> = row.try_get("types")?;
    let castable: bool = row.try_get("castable")?;
    if types.is_empty() {
        return Ok(advise_on_left(
            refused,
            &row.try_get::<Vec<String>, _>("lefts")?,
        ));
    }
    let types = join_with_or(&types);
    let help = format!("`{left} {operator}` takes {types} on its right");
    let value = refused.at.and_then(|at| refused.operand_at(at + 1));
    // A cast that Postgres refuses is no help.
    Ok(Some(match value.filter(|_| castable) {
        Some(value) => advise_cast(refused, &help, value, left),
        None => Advice::new(help),
    }))
}

/// An operator that has no version for the type on its left, `text ->> 'a'`: the types that it takes there.
fn advise_on_left(refused: &RefusedStatement<'_>, lefts: &[String]) -> Option<Advice> {
    // The first in the alphabet is often rare; text is meant by LIKE and `||`, and json by `->>`.
    let common = ["text", "jsonb"];
    let likely = lefts.iter().find(|left| common.contains(&left.as_str()));
    let meant = likely.or_else(|| lefts.first())?;
    let operator = refused.word()?.text;
    let help = format!("`{operator}` takes {} on its left", join_with_or(lefts));
    let value = refused.operand_before(refused.at?);
    Some(match value {
        Some(value) => advise_cast(refused, &help, value, meant),
        None => Advice::new(help),
    })
}

/// The advice to cast an operand, which is a piece of the statement.
fn advise_cast(refused: &RefusedStatement<'_>, help: &str, value: &str, to: &str) -> Advice {
    let cast = format!("{value}::{to}");
    let advice = Advice::new(format!("{help}; cast it: `{cast}`"));
    match refused.span_of(value) {
        Some(span) => advice.with_fix(span, cast),
        None => advice,
    }
}

/// `a`, `a or b`, `a, b or c`
fn join_with_or(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}
