//! A parameter inside of quotes, `LIKE '%:term%'`: it is text, and the query takes no such argument.
//!
//! Given: the tokens of a statement. Gives: a warning for each string that has one.

use crate::report::diagnostic::{Diagnostic, Fix};
use crate::report::source::{SourceFile, Span};
use crate::sql::lexer::{Token, TokenKind};
use std::sync::Arc;

/// Words before a literal that fix its type: Postgres refuses the literal, and its error has the help.
const TYPES: &[&str] = &["INTERVAL", "DATE", "TIME", "TIMESTAMP", "TIMESTAMPTZ"];

/// Warns of each string with a parameter in it.
pub(super) fn warn_of_quoted(file: &Arc<SourceFile>, statement: &[Token]) -> Vec<Diagnostic> {
    let mut before = "";
    let mut found = Vec::new();
    for token in statement.iter().filter(|token| !token.kind.is_trivia()) {
        let text = &file.text[token.range.clone()];
        let is_typed = TYPES.iter().any(|word| before.eq_ignore_ascii_case(word));
        let is_string = token.kind == TokenKind::String;
        let name = find_quoted_parameter(text).filter(|_| is_string && !is_typed);
        if let Some(name) = name {
            let span = Span {
                file: file.clone(),
                range: token.range.clone(),
            };
            let message = format!("`:{name}` is text here, because it is in quotes");
            let (help, expression) = write_without_quotes(text, name, before);
            let replaced = span.clone();
            let diagnostic = Diagnostic::error("quoted-parameter", span, message);
            let mut diagnostic = diagnostic.warning().help(help);
            // `INTERVAL` in front of the string would have to go as well.
            if !before.eq_ignore_ascii_case("INTERVAL") {
                diagnostic = diagnostic.fix(Fix::replace(replaced, expression));
            }
            found.push(diagnostic);
        }
        before = text;
    }
    found
}

/// The help for a parameter in quotes, and the expression in it: `'%:term%'` → `'%' || :term || '%'`, `INTERVAL ':days days'` →
/// `make_interval(days => :days)`.
pub(super) fn write_without_quotes(literal: &str, name: &str, before: &str) -> (String, String) {
    let inside = literal.trim_matches('\'');
    let written = format!(":{name}");
    let (left, right) = inside.split_once(&written).unwrap_or_default();
    let expression = if before.eq_ignore_ascii_case("INTERVAL") {
        // The arguments of make_interval are plural, and an interval may say either.
        let unit = right.trim().trim_end_matches('s');
        let unit = if UNITS.contains(&unit) { unit } else { "day" };
        format!("make_interval({unit}s => {written})")
    } else {
        let quote = |text: &str| (!text.is_empty()).then(|| format!("'{text}'"));
        let parts = [quote(left), Some(written), quote(right)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" || ")
    };
    let help = format!("write the parameter without quotes: `{expression}`");
    (help, expression)
}

/// The units of `make_interval` that people write.
const UNITS: &[&str] = &["year", "month", "week", "day", "hour", "min", "sec"];

/// The name of a parameter in a string literal.
///
/// Colons in strings are common: `'HH24:MI'`, `'{"a":true}'`, `':smile:'`, `'10:30'`. So the colon has to be at the beginning, or
/// after a blank or a wildcard of LIKE, and the name has to end at the end, or before one of these.
pub(super) fn find_quoted_parameter(literal: &str) -> Option<&str> {
    let inside = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_border = |c: char| c == ' ' || c == '%';
    let mut colons = inside.match_indices(':');
    colons.find_map(|(at, _)| {
        let rest = &inside[at + 1..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let name = &rest[..end.unwrap_or(rest.len())];
        let begins = inside[..at].chars().next_back().is_none_or(is_border);
        let ends = rest[name.len()..].chars().next().is_none_or(is_border);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        (begins && ends && is_name).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::{find_quoted_parameter, write_without_quotes};

    #[test]
    fn only_a_colon_and_a_name_between_borders_is_a_parameter() {
        for (literal, name) in [
            ("'%:term%'", "term"),
            ("':days days'", "days"),
            ("':id'", "id"),
        ] {
            assert_eq!(find_quoted_parameter(literal), Some(name), "{literal}");
        }
        for literal in [
            "'HH24:MI:SS'",
            "'{\"a\":true}'",
            "':smile:'",
            "'10:30'",
            "'a: b'",
            "'a::text'",
            "'(:x)'",
            "E':x'",
            "'https://example.com'",
        ] {
            assert_eq!(find_quoted_parameter(literal), None, "{literal}");
        }
    }

    #[test]
    fn the_text_around_it_stays_text() {
        let help = |literal, name, before| write_without_quotes(literal, name, before).0;
        assert_eq!(
            help("'%:term%'", "term", "LIKE"),
            "write the parameter without quotes: `'%' || :term || '%'`"
        );
        assert_eq!(
            help("':n hours'", "n", "interval"),
            "write the parameter without quotes: `make_interval(hours => :n)`"
        );
    }
}
