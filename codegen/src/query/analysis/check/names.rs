//! Columns become fields: each needs a name, and one of its own.

use super::place;
use crate::query::Embed;
use crate::query::analysis::{Output, Typed};
use crate::report::diagnostic::Diagnostic;

/// The name Postgres gives to an expression that suggests none.
const UNNAMED: &str = "?column?";

pub(super) fn unnamed_column(typed: &Typed) -> Option<Diagnostic> {
    if !typed.query.command.gives_rows() {
        return None;
    }
    let outputs = typed.outputs();
    let is_unnamed = |output: &Output<'_>| output.name(typed) == UNNAMED;
    let position = outputs.iter().position(is_unnamed)?;
    // A single column becomes the value itself, which needs no name.
    if outputs.len() == 1 {
        return None;
    }
    let message = format!("column {} has no name", position + 1);
    let span = place::output(typed, position);
    Some(Diagnostic::error("unnamed-column", span, message).help("name it with AS"))
}

/// Two columns of one name are two fields, the second with a number: values are read by position. The
/// statement for a slice refers to columns by name, and a row of a relation is the name of its field.
pub(super) fn duplicate_columns(typed: &Typed) -> Vec<Diagnostic> {
    if !typed.query.command.gives_rows() {
        return Vec::new();
    }
    let is_bulk = typed.query.command.is_bulk();
    let outputs = typed.outputs();
    let names: Vec<&str> = outputs.iter().map(|output| output.name(typed)).collect();
    let mut diagnostics = Vec::new();
    for position in repeated(&names) {
        let (span, help) = match outputs[position] {
            // Fields are made unique by numbers, and values are read by position.
            Output::Column(_) if !is_bulk => continue,
            Output::Column(_) => (place::output_name(typed, position), "rename one with AS"),
            Output::Row(row) => (row.span.clone(), "give one another name in FROM"),
        };
        let message = format!("two columns are named `{}`", names[position]);
        diagnostics.push(Diagnostic::error("duplicate-column", span, message).help(help));
    }
    for row in &typed.embedded {
        let columns = typed.columns[row.columns.clone()].iter();
        let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        diagnostics.extend(repeated(&names).map(|position| {
            let message = format!(
                "two columns of `{}` are named `{}`",
                row.field, names[position]
            );
            let diagnostic = Diagnostic::error("duplicate-column", row.span.clone(), message);
            diagnostic.help("rename one with AS, where they are made")
        }));
    }
    diagnostics
}

/// The places where a name is repeated.
fn repeated<'n>(names: &'n [&str]) -> impl Iterator<Item = usize> + 'n {
    let is_second = |index: &usize| {
        let name = names[*index];
        let before = names[..*index].iter().filter(|before| **before == name);
        // Reported at the second only: a third would repeat the message. `?column?` has a
        // diagnostic of its own.
        name != UNNAMED && before.count() == 1
    };
    (0..names.len()).filter(is_second)
}

/// Relations to embed that are no row among the columns.
pub(super) fn embeds(typed: &Typed) -> Vec<Diagnostic> {
    let is_found = |embed: &Embed| {
        let mut found = typed.embedded.iter();
        // By location: one relation may be embedded twice, once where it works and once where it
        // does not.
        found.any(|row| row.span.range == embed.span.range)
    };
    let missing = typed.query.embeds.iter().filter(|embed| !is_found(embed));
    missing
        .map(|embed| {
            let relation = &embed.relation;
            let message = format!("no column of the result is a row of `{relation}`");
            let help = "embed a relation of FROM, in the SELECT without UNION and grouping sets, in RETURNING, or in a \
                        subquery: `ARRAY(SELECT sqlc.embed(t) FROM t) AS ts`";
            Diagnostic::error("unsupported-sqlc", embed.span.clone(), message).help(help)
        })
        .collect()
}
