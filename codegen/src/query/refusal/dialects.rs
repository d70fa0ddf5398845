//! Functions and clauses of other databases, with the spelling of Postgres.

use super::Advice;
use super::statement::RefusedStatement;
use crate::sql::lexer::{TokenKind, Word};

/// Functions of `MySQL`, SQL Server, Oracle and `SQLite`, and the expression of Postgres.
const FUNCTIONS: &[(&str, &str)] = &[
    ("ifnull", "coalesce(…, …)"),
    ("isnull", "coalesce(…, …)"),
    ("nvl", "coalesce(…, …)"),
    ("iif", "CASE WHEN … THEN … ELSE … END"),
    ("if", "CASE WHEN … THEN … ELSE … END"),
    ("len", "length(…)"),
    ("instr", "strpos(…, …)"),
    ("charindex", "strpos(…, …)"),
    ("group_concat", "string_agg(…, ',')"),
    ("getdate", "now()"),
    ("sysdate", "now()"),
    ("curdate", "CURRENT_DATE"),
    ("datediff", "later::date - earlier::date"),
    ("dateadd", "… + interval '1 day'"),
    ("date_format", "to_char(…, 'YYYY-MM-DD')"),
    ("strftime", "to_char(…, 'YYYY-MM-DD')"),
    ("year", "extract(year FROM …)"),
    ("month", "extract(month FROM …)"),
    ("unix_timestamp", "extract(epoch FROM …)"),
    ("from_unixtime", "to_timestamp(…)"),
    ("rand", "random()"),
    ("uuid", "gen_random_uuid()"),
    ("json_extract", "… -> 'key'"),
    ("last_insert_id", "INSERT … RETURNING id"),
];

/// The expression of Postgres for a function of another database.
pub(super) fn find_own_expression(function: &str) -> Option<&'static str> {
    let found = FUNCTIONS.iter().find(|(name, _)| *name == function);
    found.map(|(_, own)| *own)
}

/// Advice about a clause that is written as in another database, or about a bracket that is not closed.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    // 42601 is `syntax_error` (Appendix A).
    let at = refused.at.filter(|_| refused.error.code() == "42601")?;
    let words = &refused.words;
    let text = |index: usize| words.get(index).map_or("", |word| word.text);
    let is = |index: usize, keyword: &str| words.get(index).is_some_and(|word| word.is(keyword));
    // Backticks are no character of SQL, so whatever Postgres says, they are the mistake.
    if let Some(index) = words.iter().position(|word| word.text.contains('`')) {
        let name = text(index + 1);
        return Some(at_word(
            refused,
            index,
            format!("names are in double quotes, or in none: `\"{name}\"`"),
        ));
    }
    let comma = (0..words.len()).find(|index| is(*index, "LIMIT") && text(index + 2) == ",");
    if let Some(limit) = comma {
        let (offset, count) = (text(limit + 1), text(limit + 3));
        return Some(at_word(
            refused,
            limit,
            format!("write `LIMIT {count} OFFSET {offset}`"),
        ));
    }
    let before = at.checked_sub(1)?;
    if is(before, "TOP") {
        return Some(at_word(
            refused,
            before,
            format!("write `LIMIT {}` at the end", text(at)),
        ));
    }
    if is(at, "DUPLICATE") {
        return Some(Advice::new(
            "write `ON CONFLICT (…) DO UPDATE SET …`, with the columns of the key",
        ));
    }
    let is_parameter =
        |word: &&Word<'_>| matches!(word.kind, TokenKind::Named | TokenKind::Positional);
    if is(before, "IN") && words.get(at).as_ref().is_some_and(is_parameter) {
        return Some(Advice::new(format!(
            "write brackets around it: `IN ({})`",
            text(at)
        )));
    }
    // Only at the end of the text: before it, Postgres points at the word that it did not expect.
    let open = find_unclosed(words).filter(|_| at >= words.len())?;
    Some(at_word(refused, open, "close this bracket".to_owned()))
}

fn at_word(refused: &RefusedStatement<'_>, index: usize, help: String) -> Advice {
    let range = refused
        .words
        .get(index)
        .map_or(0..0, |word| word.range.clone());
    Advice::at(refused.span(range), help)
}

/// The last bracket that is opened and not closed.
fn find_unclosed(words: &[Word<'_>]) -> Option<usize> {
    let mut open = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match word.text {
            "(" | "[" => open.push(index),
            ")" | "]" => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}
