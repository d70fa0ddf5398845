//! Types that sqlx cannot describe, so that it refuses the statement in place of Postgres: multiranges, and enums with the label `NULL`.

use crate::query::Query;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use crate::schema::Schema;
use crate::schema::model::Enum;
use crate::sql::lexer::{TokenKind, identifier};

/// A diagnostic for an error of sqlx about a type.
pub(super) fn diagnose_type(
    error: &sqlx::Error,
    query: &Query,
    schema: &Schema,
) -> Option<Diagnostic> {
    let sqlx::Error::ColumnDecode { index, .. } = error else {
        return None;
    };
    // sqlx knows no type whose `typtype` is `m`, and reads the labels of an enum as the text of an array, in which it takes
    // `"NULL"` for NULL.
    if index.contains("typtype") {
        return Some(diagnose_multirange(query, schema));
    }
    index
        .contains("enum_labels")
        .then(|| diagnose_label(query, schema))
}

/// Names the column, if the statement or its tables have one.
fn diagnose_multirange(query: &Query, schema: &Schema) -> Diagnostic {
    // sqlx gives no OID, and nothing describes the statement, so the columns are found by their names.
    let columns = schema.tables.iter().flat_map(|table| {
        let columns = table.columns.iter();
        columns.map(move |column| (table.name.name.as_str(), column))
    });
    let is_named = |name: &str| find_word(query, name).is_some();
    let mut found = columns.filter(|(table, column)| {
        column.data_type.ends_with("multirange") && (is_named(&column.name) || is_named(table))
    });
    let found = found.next();
    let (subject, span, column) = match found {
        None => (
            "a parameter or column is a multirange".to_owned(),
            None,
            "…".to_owned(),
        ),
        Some((table, column)) => (
            format!(
                "column `{table}.{}` has type `{}`",
                column.name, column.data_type
            ),
            find_word(query, &column.name),
            column.name.clone(),
        ),
    };
    let message = format!("{subject}, which sqlx cannot read");
    let help = format!("select its ranges: `ARRAY(SELECT unnest({column})) AS {column}`");
    let span = span.unwrap_or_else(|| query.name_span.clone());
    Diagnostic::error("unmapped-type", span, message).help(help)
}

/// The first word of the statement that is this name.
fn find_word(query: &Query, name: &str) -> Option<Span> {
    query.span.find_token(|kind, text| {
        let is_name = matches!(kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        is_name && identifier(text) == name
    })
}

fn diagnose_label(query: &Query, schema: &Schema) -> Diagnostic {
    let has_label = |found: &&Enum| found.labels.iter().any(|label| label == "NULL");
    let message =
        "a parameter or column is of an enum with the label `NULL`, which sqlx cannot read";
    let diagnostic = Diagnostic::error("unmapped-type", query.name_span.clone(), message);
    let renamed = schema.enums.iter().filter(has_label).map(|found| {
        let name = &found.name.sql;
        format!("rename it in a migration: `ALTER TYPE {name} RENAME VALUE 'NULL' TO 'null'`")
    });
    let cast = "or select it as text, `kind::text`, and pass it as text, `:kind::text::…`";
    let helps = renamed.chain([cast.to_owned()]);
    helps.fold(diagnostic, Diagnostic::help)
}
