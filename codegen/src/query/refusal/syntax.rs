//! Syntax errors that a comma or a keyword explains.

use super::Advice;
use super::statement::{RefusedStatement, is_keyword};
use crate::report::diagnostic::nearest;
use crate::sql::identifier::write_identifier;
use crate::sql::lexer::{TokenKind, Word};

/// Advice about a syntax error.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let at = refused.at.filter(|_| refused.error.code() == "42601")?;
    let before = at
        .checked_sub(1)
        .and_then(|before| refused.words.get(before))?;
    let Some(word) = refused.words.get(at) else {
        return advise_on_end(before);
    };
    // Postgres stops behind the comma, and the comma is the mistake.
    if before.text == "," && (is_keyword(word) || word.text == ")") {
        let comma = refused.span(before.range.clone());
        let help = format!("remove the comma before `{}`", word.text);
        return Some(Advice::at(comma.clone(), help).with_fix(comma, ""));
    }
    if let Some(keyword) = find_misspelt_keyword(refused, before) {
        let place = refused.span(before.range.clone());
        let advice = Advice::at(place.clone(), format!("perhaps you meant `{keyword}`"));
        return Some(advice.with_fix(place, keyword));
    }
    advise_on_parameter(refused, at, before, word)
        .or_else(|| advise_on_keyword(refused, before, word))
        .or_else(|| advise_on_comma(refused, at, before, word))
}

/// Types that are written before a literal.
const TYPES_OF_LITERALS: &[&str] = &[
    "DATE",
    "INTERVAL",
    "TIME",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "TIMETZ",
    "ZONE",
];

/// `interval :age` and `extract(:field FROM at)`: a parameter in the place of a literal.
fn advise_on_parameter(
    refused: &RefusedStatement<'_>,
    at: usize,
    before: &Word<'_>,
    word: &Word<'_>,
) -> Option<Advice> {
    if !matches!(word.kind, TokenKind::Named | TokenKind::Positional) {
        return None;
    }
    let parameter = word.text;
    let opens_extract = || {
        let name = at.checked_sub(2).and_then(|name| refused.words.get(name));
        before.text == "(" && name.is_some_and(|name| name.is("EXTRACT"))
    };
    if opens_extract() {
        let help = format!("the field of `extract` is a word: write `date_part({parameter}, …)`");
        return Some(Advice::new(help));
    }
    let of_literal = TYPES_OF_LITERALS.iter().find(|name| before.is(name))?;
    // `timestamp with time zone`.
    let type_name = match *of_literal {
        "ZONE" => "timestamptz".to_owned(),
        name => name.to_ascii_lowercase(),
    };
    Some(Advice::new(format!(
        "a type is before literals only: write `{parameter}::{type_name}`"
    )))
}

/// Keywords that begin a clause or join.
const CLAUSES: &[&str] = &[
    "FROM",
    "WHERE",
    "JOIN",
    "LEFT",
    "INNER",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "VALUES",
    "RETURNING",
];

/// `SELECT id FORM notes`: Postgres takes the misspelt keyword for an alias, and stops at the word behind it.
fn find_misspelt_keyword(
    refused: &RefusedStatement<'_>,
    before: &Word<'_>,
) -> Option<&'static str> {
    let name = before.name()?;
    let mut own = refused
        .schema
        .column_names()
        .chain(refused.schema.relation_names());
    // A name of the schema is an alias on purpose, however near to a keyword it is.
    let is_own = own.any(|own| own == name);
    let meant = nearest(&before.text.to_ascii_uppercase(), CLAUSES.iter().copied());
    let is_keyword = CLAUSES.iter().any(|keyword| before.is(keyword));
    let meant = meant.filter(|_| before.kind == TokenKind::Word && !is_own && !is_keyword)?;
    CLAUSES.iter().copied().find(|keyword| *keyword == meant)
}

/// The statement ends where more is needed.
fn advise_on_end(before: &Word<'_>) -> Option<Advice> {
    let needs_more = matches!(before.kind, TokenKind::Operator) || before.text == ",";
    needs_more.then(|| {
        Advice::new(format!(
            "complete the statement after `{}`, or remove it",
            before.text
        ))
    })
}

/// `FROM order`: a keyword in the place of a name.
fn advise_on_keyword(
    refused: &RefusedStatement<'_>,
    before: &Word<'_>,
    word: &Word<'_>,
) -> Option<Advice> {
    const BEFORE_TABLE: &[&str] = &["FROM", "JOIN", "INTO", "UPDATE", "TABLE"];
    let is_table = BEFORE_TABLE.iter().any(|keyword| before.is(keyword));
    if !is_keyword(word) {
        return None;
    }
    let name = word.text.to_ascii_lowercase();
    let place = refused.span(word.range.clone());
    let quoted = write_identifier(&name);
    let relations = || refused.schema.relation_names();
    let columns = || refused.schema.column_names();
    if is_table && !relations().any(|relation| relation == name) {
        let meant = nearest(&name, relations())?;
        let help = format!("`{}` is a keyword; perhaps you meant `{meant}`", word.text);
        return Some(Advice::new(help).with_fix(place, write_identifier(meant)));
    }
    let is_name = is_table || columns().any(|column| column == name);
    is_name.then(|| {
        let help = format!(
            "`{}` is a keyword; as a name it is in double quotes: `{quoted}`",
            word.text
        );
        Advice::new(help).with_fix(place, quoted)
    })
}

/// Two names in a row, where an alias is one already: a comma is missing.
fn advise_on_comma(
    refused: &RefusedStatement<'_>,
    at: usize,
    before: &Word<'_>,
    word: &Word<'_>,
) -> Option<Advice> {
    let is_value = |word: &Word<'_>| match word.kind {
        TokenKind::Word => !is_keyword(word),
        TokenKind::QuotedIdentifier
        | TokenKind::String
        | TokenKind::Number
        | TokenKind::Named
        | TokenKind::Positional => true,
        _ => false,
    };
    let after_value = is_value(before) || matches!(before.text, ")" | "]");
    let in_list = refused.words[..at].iter().any(|word| {
        word.is("SELECT") || word.is("VALUES") || word.is("SET") || word.is("RETURNING")
    });
    if !(is_value(word) && after_value && in_list) {
        return None;
    }
    let help = format!("is a comma missing? write `{}, {}`", before.text, word.text);
    let behind = refused.span(before.range.end..before.range.end);
    Some(Advice::new(help).with_fix(behind, ","))
}
