//! Literals that are no value of their type: labels of enums, text for numbers, a parameter inside of quotes.

use super::Advice;
use super::statement::RefusedStatement;
use crate::query::quoted::{find_quoted_parameter, write_without_quotes};
use crate::report::diagnostic::nearest;
use crate::sql::lexer::TokenKind;
use crate::sql::quote::quote_literal;

/// "Class 22 — Data Exception": a literal is read when the statement is parsed.
const INVALID_VALUES: &[&str] = &["22P02", "22007", "22008", "22003"];

/// Advice about a literal.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let is_value = INVALID_VALUES.contains(&refused.error.code());
    let literal = refused.word().filter(|_| is_value)?;
    if literal.kind != TokenKind::String {
        return None;
    }
    let before = refused.at.and_then(|at| at.checked_sub(1));
    let before = before.map_or("", |before| refused.words[before].text);
    if let Some(name) = find_quoted_parameter(literal.text) {
        let (help, expression) = write_without_quotes(literal.text, name, before);
        let is_interval = before.eq_ignore_ascii_case("INTERVAL");
        // `INTERVAL ':n days'` is replaced with its keyword, because the new expression is no
        // literal.
        let first = refused.at.map(|at| at - usize::from(is_interval))?;
        let start = refused.words[first].range.start;
        let place = refused.span(start..literal.range.end);
        return Some(Advice::new(help).with_fix(place, expression));
    }
    let labels = list_labels(refused, literal.text.trim_matches('\''));
    labels.or_else(|| {
        Some(Advice::new(
            "write a value of that type, or a parameter: `:name`",
        ))
    })
}

/// The labels of the enum that Postgres names in its message, where its name is in no quotes in any language.
fn list_labels(refused: &RefusedStatement<'_>, written: &str) -> Option<Advice> {
    // Postgres checks the label in `enum_in`, for any enum.
    refused.is_from("enum_in").then_some(())?;
    let message = refused.error.message();
    let named = |name: &str| message.split([' ', ':']).any(|word| word == name);
    let mut enums = refused.schema.enums.iter();
    let labels = &enums.find(|found| named(&found.name.sql))?.labels;
    let all: Vec<String> = labels.iter().map(|label| format!("`'{label}'`")).collect();
    let all = all.join(", ");
    let meant = nearest(written, labels.iter().map(String::as_str));
    let Some(meant) = meant else {
        return Some(Advice::new(format!("the labels are {all}")));
    };
    let quoted = quote_literal(meant);
    let help = format!("perhaps you meant `'{meant}'`; the labels are {all}");
    let place = refused.span(refused.word()?.range.clone());
    Some(Advice::new(help).with_fix(place, quoted))
}
