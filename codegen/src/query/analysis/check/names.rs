//! Columns become fields: each needs a name, and one of its own.

use super::super::{Output, Typed};
use super::place;
use crate::diagnostic::Diagnostic;
use crate::query::Embed;

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
    let mut seen: Vec<&str> = Vec::new();
    let mut diagnostics = Vec::new();
    for output in typed.outputs() {
        let name = match output {
            Output::Column(index) => typed.columns[index].name.as_str(),
            Output::Row(embedded) => embedded.relation.as_str(),
        };
        // Said once of each name.
        if name != UNNAMED && seen.iter().filter(|before| **before == name).count() == 1 {
            let (span, help) = match output {
                Output::Column(index) => (place::column_name(typed, index), "rename one with AS"),
                Output::Row(embedded) => (embedded.span.clone(), "give one another name in FROM"),
            };
            let message = format!("two columns are named `{name}`");
            diagnostics.push(Diagnostic::error("duplicate-column", span, message).help(help));
        }
        seen.push(name);
    }
    diagnostics
}

/// What is to be embedded and is no row among the columns.
pub(super) fn embeds(typed: &Typed) -> Vec<Diagnostic> {
    let found = |embed: &Embed| {
        let mut embedded = typed.embedded.iter();
        embedded.any(|embedded| embedded.span.range == embed.span.range)
    };
    let missing = typed.query.embeds.iter().filter(|embed| !found(embed));
    missing
        .map(|embed| {
            let relation = &embed.relation;
            let message = format!("no column of the result is a row of `{relation}`");
            let help = "embed it in the columns of the outermost SELECT or in RETURNING, without \
                        UNION and grouping sets; elsewhere list its columns";
            Diagnostic::error("unsupported-sqlc", embed.span.clone(), message).help(help)
        })
        .collect()
}
