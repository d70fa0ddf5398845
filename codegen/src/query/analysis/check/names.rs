//! Columns become fields: each needs a name, and one of its own.

use super::super::Typed;
use super::place;
use crate::diagnostic::Diagnostic;

/// The name Postgres gives to an expression that suggests none.
const UNNAMED: &str = "?column?";

pub(super) fn unnamed_column(typed: &Typed) -> Option<Diagnostic> {
    let position = typed
        .columns
        .iter()
        .position(|column| column.name == UNNAMED)?;
    if typed.columns.len() == 1 {
        return None;
    }
    let message = format!("column {} has no name", position + 1);
    let span = place::column(typed, position);
    Some(Diagnostic::error("unnamed-column", span, message).help("name it with AS"))
}

pub(super) fn duplicate_columns(typed: &Typed) -> Vec<Diagnostic> {
    let names: Vec<&str> = typed
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let repeated = names.iter().enumerate().filter(|(index, name)| {
        **name != UNNAMED
            && names[..*index]
                .iter()
                .filter(|before| before == name)
                .count()
                == 1
    });
    repeated
        .map(|(index, name)| {
            let message = format!("two columns are named `{name}`");
            let span = place::column_name(typed, index);
            Diagnostic::error("duplicate-column", span, message).help("rename one with AS")
        })
        .collect()
}
