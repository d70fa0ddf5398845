//! Hovers as Markdown.

use crate::knowledge::KnownRelation;
use std::fmt::Write as _;
use xact_codegen::explanation::{ExplainedColumn, ExplainedParameter, ExplainedScope, Explanation};
use xact_codegen::report::diagnostic::Code;
use xact_codegen::schema::model::{Column, ConstraintKind};

/// Said of a query that is broken now.
const OLDER: &str = "*From the last check that this query passed.*\n\n";

/// A text that is prose, in which Markdown's signs are meant as they are, except backticks. A `_` inside of a word is no sign.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut in_code = false;
    for character in text.chars() {
        in_code ^= character == '`';
        if !in_code && matches!(character, '*' | '<' | '[' | '\\' | '|' | '#') {
            escaped.push('\\');
        }
        escaped.push(if character == '\n' { ' ' } else { character });
    }
    escaped
}

/// A query: its command, rows, parameters, columns, tables and scopes.
pub(crate) fn write_query(query: &Explanation, docs: &[String], is_older: bool) -> String {
    let mut text = format!("**{}** `:{}`\n\n", escape(&query.name), query.command);
    if is_older {
        text.push_str(OLDER);
    }
    if !docs.is_empty() {
        let _ = writeln!(text, "{}\n", docs.join(" "));
    }
    if let Some(rows) = describe_rows(query) {
        let _ = writeln!(text, "rows: {rows}\n");
    }
    let parameters: Vec<String> = query.params.iter().map(describe_parameter).collect();
    write_list(&mut text, "parameters", &parameters);
    let columns: Vec<String> = query.columns.iter().map(describe_column).collect();
    write_list(&mut text, "columns", &columns);
    for (title, tables) in [("reads", &query.reads), ("writes", &query.writes)] {
        if let Some(tables) = tables.as_ref().filter(|tables| !tables.is_empty()) {
            let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
            let _ = writeln!(text, "{title}: {}\n", tables.join(", "));
        }
    }
    let scopes: Vec<String> = query.scopes.iter().map(describe_scope).collect();
    write_list(&mut text, "scopes", &scopes);
    text.trim_end().to_owned()
}

fn write_list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}:\n");
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
    text.push('\n');
}

fn describe_rows(query: &Explanation) -> Option<String> {
    let count = match query.cardinality {
        "one" => "exactly one",
        "optional" => "at most one",
        "many" => "any number",
        _ => return None,
    };
    Some(match &query.cardinality_evidence {
        Some(evidence) => format!("{count}, because {}", escape(evidence)),
        None if query.cardinality == "many" => count.to_owned(),
        None => format!("{count}, as asked for; not proved"),
    })
}

fn describe_parameter(parameter: &ExplainedParameter) -> String {
    format!("`:{}` {}", parameter.name, describe_value(parameter))
}

/// The types of a parameter, and whether it takes NULL.
fn describe_value(parameter: &ExplainedParameter) -> String {
    let types = describe_types(Some(&parameter.rust_type), &parameter.pg_type);
    format!("{types}, {}", describe_input(!parameter.nullable))
}

/// The type in Rust, then the one in Postgres, in every list and hover.
fn describe_types(rust_type: Option<&str>, pg_type: &str) -> String {
    format!("`{}`, `{pg_type}`", rust_type.unwrap_or("-"))
}

/// Whether a parameter, or a column of a table, takes NULL.
fn describe_input(not_null: bool) -> &'static str {
    if not_null { "not NULL" } else { "may be NULL" }
}

fn describe_column(column: &ExplainedColumn) -> String {
    let row = column
        .row
        .as_ref()
        .map_or(String::new(), |row| format!("{}.", row.field));
    let types = describe_types(column.rust_type.as_deref(), &column.pg_type);
    format!("`{row}{}` {types}, {}", column.name, describe_null(column))
}

fn describe_null(column: &ExplainedColumn) -> &'static str {
    let in_optional = column.row.as_ref().is_some_and(|row| row.optional);
    match (column.nullable, in_optional) {
        (true, _) => "can be NULL",
        (false, true) => "NULL only with its row",
        (false, false) => "never NULL",
    }
}

fn describe_scope(scope: &ExplainedScope) -> String {
    let reason = scope
        .reason
        .as_deref()
        .map_or(String::new(), |reason| format!(": {}", escape(reason)));
    let verdict = if scope.allowed {
        "may run it"
    } else {
        "may not run it"
    };
    format!("`{}` {verdict}{reason}", scope.name)
}

/// A column of a query's rows, with the evidence for its nullability.
pub(crate) fn write_output(column: &ExplainedColumn, is_older: bool) -> String {
    let types = describe_types(column.rust_type.as_deref(), &column.pg_type);
    let mut text = format!("**{}** {types}\n\n", escape(&column.name));
    if is_older {
        text.push_str(OLDER);
    }
    let _ = writeln!(
        text,
        "{}: {}",
        describe_null(column),
        escape(&column.evidence)
    );
    if column.evidence_steps.len() > 1 {
        text.push('\n');
        for step in &column.evidence_steps {
            let _ = writeln!(text, "- {}", escape(step));
        }
    }
    text.trim_end().to_owned()
}

/// A parameter, and the column that it is assigned to or compared with.
pub(crate) fn write_parameter(
    parameter: &ExplainedParameter,
    column: Option<String>,
    is_older: bool,
) -> String {
    let mut text = format!(
        "**:{}** {}\n\n",
        escape(&parameter.name),
        describe_value(parameter)
    );
    if is_older {
        text.push_str(OLDER);
    }
    text.push_str(&column.unwrap_or_default());
    text.trim_end().to_owned()
}

/// A table or view: its description, columns and constraints.
pub(crate) fn write_relation(relation: &KnownRelation<'_>) -> String {
    let mut text = format!(
        "{} **{}**\n\n",
        relation.kind,
        escape(&relation.name.annotation_key())
    );
    if let Some(description) = relation.description() {
        let _ = writeln!(text, "{}\n", escape(description));
    }
    let columns = relation.columns.iter().map(|column| {
        let null = if column.not_null { ", not NULL" } else { "" };
        format!("`{}` `{}`{null}", column.name, column.data_type)
    });
    write_list(&mut text, "columns", &columns.collect::<Vec<_>>());
    let constraints: Vec<String> = relation
        .constraints
        .iter()
        .map(|constraint| format!("`{}`", constraint.definition))
        .collect();
    write_list(&mut text, "constraints", &constraints);
    text.trim_end().to_owned()
}

/// A column of a table or view: its type, description and constraints.
pub(crate) fn write_column(relation: &KnownRelation<'_>, column: &Column) -> String {
    let table = relation.name.annotation_key();
    let null = describe_input(column.not_null);
    let mut text = format!(
        "**{}** `{}`, {null}\n\n",
        escape(&format!("{table}.{}", column.name)),
        column.data_type
    );
    if let Some(description) = relation.column_description(column) {
        let _ = writeln!(text, "{}\n", escape(description));
    }
    if let Some(default) = &column.default {
        let _ = writeln!(text, "default: `{default}`\n");
    }
    if let Some(generated) = &column.generated {
        let _ = writeln!(text, "generated: `{generated}`\n");
    }
    let own = relation.constraints.iter().filter(|constraint| {
        let numbers = constraint.columns.iter();
        constraint.kind != ConstraintKind::NotNull && { numbers }
            .any(|number| number.0 == column.number.0)
    });
    let own: Vec<String> = own
        .map(|constraint| format!("`{}`", constraint.definition))
        .collect();
    write_list(&mut text, "constraints", &own);
    let tags = relation
        .column_annotation(&column.name)
        .map_or(&[][..], |annotation| &annotation.tags);
    if !tags.is_empty() {
        let _ = writeln!(text, "tags: {}", escape(&tags.join(", ")));
    }
    text.trim_end().to_owned()
}

/// The code of a diagnostic: its explanation, and an input that is right.
pub(crate) fn write_code(code: &Code) -> String {
    let mut text = format!("`{}`: {}", code.name, code.explanation.replace('\n', " "));
    if let Some(right) = code.right {
        let language = match right.path.and_then(|path| path.rsplit('.').next()) {
            None => "sql",
            Some(extension) => extension,
        };
        let _ = write!(text, "\n\n```{language}\n{}\n```", right.text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn prose_shows_as_it_is() {
        assert_eq!(
            escape("a_b *c* <d>\n# e `f*g` *"),
            "a_b \\*c\\* \\<d> \\# e `f*g` \\*"
        );
    }
}
