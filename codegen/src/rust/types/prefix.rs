//! The text that every id of a table begins with, where a CHECK of the table says so: `CHECK (id LIKE 'bkm\_%')`.

use crate::schema::model::{Column, ConstraintKind, Table};
use crate::sql::lexer;

/// The prefix of a column's values.
pub(super) fn of_column(table: &Table, column: &Column) -> Option<String> {
    let checks = table.constraints.iter().filter(|constraint| {
        constraint.kind == ConstraintKind::Check
            // What is NOT VALID promises nothing about the rows that were there.
            && constraint.valid
            && matches!(constraint.columns.as_slice(), [only] if only.0 == column.number.0)
    });
    let mut prefixes = checks.filter_map(|check| of_check(&check.definition, &column.sql));
    prefixes.find(|prefix| !prefix.is_empty())
}

/// Postgres writes LIKE as `~~`. Nothing but that one comparison may be there.
fn of_check(definition: &str, column: &str) -> Option<String> {
    let tokens = lexer::tokens(definition).into_iter();
    let texts = tokens.map(|token| &definition[token.range]);
    let meaningful = texts.filter(|text| !matches!(text.trim(), "" | "(" | ")"));
    let texts: Vec<&str> = meaningful.collect();
    match texts.as_slice() {
        ["CHECK", name, "~~", pattern, "::", "text"] if *name == column => of_pattern(pattern),
        _ => None,
    }
}

/// The text before the first wildcard of a pattern, which is given as a literal.
fn of_pattern(literal: &str) -> Option<String> {
    let pattern = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut prefix = String::new();
    let pattern = pattern.replace("''", "'");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' | '_' => return Some(prefix),
            '\\' => prefix.push(characters.next()?),
            other => prefix.push(other),
        }
    }
    // Without a wildcard it is no prefix but the whole text.
    None
}

#[cfg(test)]
mod tests {
    use super::of_check;

    #[test]
    fn a_like_with_a_wildcard_at_its_end_is_a_prefix() {
        let prefix = |definition: &str| of_check(definition, "id");
        assert_eq!(
            prefix(r"CHECK (id ~~ 'bkm\_%'::text)").as_deref(),
            Some("bkm_")
        );
        assert_eq!(
            prefix(r"CHECK ((id ~~ 'bkm_%'::text))").as_deref(),
            Some("bkm")
        );
        assert_eq!(
            prefix(r"CHECK (id ~~ 'it''s%'::text)").as_deref(),
            Some("it's")
        );
    }

    #[test]
    fn anything_else_is_none() {
        for definition in [
            "CHECK (id ~~ 'bkm'::text)",
            "CHECK (id !~~ 'bkm%'::text)",
            "CHECK (NOT id ~~ 'bkm%'::text)",
            "CHECK (id ~~ 'a%'::text OR id ~~ 'b%'::text)",
            "CHECK (lower(id) ~~ 'a%'::text)",
            "CHECK (length(id) > 3)",
        ] {
            assert_eq!(of_check(definition, "id"), None, "{definition}");
        }
    }
}
