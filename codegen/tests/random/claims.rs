//! The claims of the tool about each statement, and whether rows satisfy them.

use std::fmt::Write as _;
use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{Column as _, PgConnection, Row as _, ValueRef as _};
use xact_codegen::query::Finished;
use xact_codegen::query::analysis::{Cardinality, analyse};
use xact_codegen::query::{TypeCatalog, describe, expand_stars, parse, take_slices};
use xact_codegen::report::diagnostic::{Diagnostic, Severity};
use xact_codegen::report::source::SourceFile;
use xact_codegen::schema::{Keys, Schema};

use super::statement::Statement;

/// A claim that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Claim {
    NeverNull,
    NoNullElement,
    NoNullField,
    AtMostOneRow,
    ExactlyOneRow,
    Columns,
    /// The same values where the columns of tables have another order.
    Fields,
    /// A batch does the same as its statement for each element.
    Batch,
}

/// A claim that is broken, and how.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) claim: Claim,
    pub(super) how: String,
}

/// The claims of the tool about each statement; none about one that it refuses.
pub(super) async fn analysed(
    connection: &mut PgConnection,
    catalog: &TypeCatalog,
    statements: &[Statement],
) -> Vec<Option<Finished>> {
    let mut text = String::new();
    let mut starts = Vec::new();
    for (number, statement) in statements.iter().enumerate() {
        starts.push(text.len());
        let Statement { command, text: sql } = statement;
        write!(
            text,
            "-- name: q{number} :{command}
{sql};

"
        )
        .unwrap();
    }
    let path = "queries/random.sql".to_owned();
    let (queries, mut diagnostics) = parse(&Arc::new(SourceFile::new(path, text)));
    let schema = Schema::default();
    let (described, found) = describe(connection, queries, &schema).await.unwrap();
    diagnostics.extend(found);
    let (described, found) = expand_stars(connection, described, catalog).await.unwrap();
    diagnostics.extend(found);
    let keys = Keys::of(&schema);
    let (typed, found) = analyse(connection, described, catalog, &keys)
        .await
        .unwrap();
    diagnostics.extend(found);
    let authorised = typed.into_iter().map(Into::into).collect();
    let (typed, found) = take_slices(connection, authorised, catalog, &schema)
        .await
        .unwrap();
    diagnostics.extend(found);

    let number_at = |offset: usize| starts.partition_point(|start| *start <= offset) - 1;
    let mut all = vec![None; statements.len()];
    for typed in typed {
        let number = number_at(typed.query.name_span.range.start);
        all[number] = Some(typed);
    }
    for refused in diagnostics.iter().filter_map(refused_at) {
        all[number_at(refused)] = None;
    }
    all
}

/// Where something is that keeps code from being generated.
fn refused_at(diagnostic: &Diagnostic) -> Option<usize> {
    let error = diagnostic.severity == Severity::Error;
    let span = diagnostic.span().filter(|_| error);
    span.map(|span| span.range.start)
}

/// The claims that these rows break. They have the format of text.
pub(super) fn broken(typed: &Finished, rows: &[PgRow]) -> Vec<Broken> {
    let mut broken = broken_values(typed, rows);
    // INSERT without RETURNING gives no row to the caller.
    if !typed.columns.is_empty() {
        broken.extend(cardinality(&typed.cardinality, rows.len()));
    }
    broken
}

/// The claims about columns that these rows break, each once.
pub(super) fn broken_values(typed: &Finished, rows: &[PgRow]) -> Vec<Broken> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    if let Some(how) = other_columns(typed, first) {
        let claim = Claim::Columns;
        return vec![Broken { claim, how }];
    }
    let mut broken: Vec<Broken> = Vec::new();
    let values = rows
        .iter()
        .flat_map(|row| (0..typed.columns.len()).map(move |index| (row, index)));
    for one in values.filter_map(|(row, index)| broken_value(typed, row, index)) {
        if broken.iter().all(|other| other.claim != one.claim) {
            broken.push(one);
        }
    }
    broken
}

fn cardinality(cardinality: &Cardinality, rows: usize) -> Option<Broken> {
    let (claim, holds, evidence) = match cardinality {
        Cardinality::ExactlyOne { evidence } => (Claim::ExactlyOneRow, rows == 1, evidence),
        Cardinality::AtMostOne { evidence } => (Claim::AtMostOneRow, rows <= 1, evidence),
        Cardinality::Unknown => return None,
    };
    let how = format!("{rows} rows, though {evidence}");
    (!holds).then_some(Broken { claim, how })
}

/// How the columns of a row differ from those of the claim.
fn other_columns(typed: &Finished, row: &PgRow) -> Option<String> {
    let mut found: Vec<_> = row
        .columns()
        .iter()
        .map(|column| column.type_info().oid().map(|oid| oid.0))
        .collect();
    let claimed: Vec<_> = typed
        .columns
        .iter()
        .map(|column| Some(column.type_oid))
        .collect();
    // A batch has the number of the element behind the columns of its statement.
    let is_numbered = typed.bulk.as_ref().is_some_and(|bulk| bulk.numbered);
    if is_numbered && found.len() > claimed.len() {
        found.truncate(claimed.len());
    }
    if found != claimed {
        return Some(format!("columns of the types {found:?}, not {claimed:?}"));
    }
    let mut pairs = row.columns().iter().zip(&typed.columns);
    let other = pairs.find(|(found, claimed)| found.name() != claimed.name)?;
    Some(format!(
        "a column `{}`, not `{}`",
        other.0.name(),
        other.1.name
    ))
}

fn broken_value(typed: &Finished, row: &PgRow, index: usize) -> Option<Broken> {
    let column = &typed.columns[index];
    let value = row.try_get_raw(index).unwrap();
    let name = &column.name;
    if value.is_null() {
        let how = format!("`{name}` is NULL, though {}", column.evidence);
        let claim = Claim::NeverNull;
        return (!column.nullable).then_some(Broken { claim, how });
    }
    let text = value.as_str().unwrap();
    if !column.elements_nullable && holds_null(text) {
        let how = format!("`{name}` is {text}");
        let claim = Claim::NoNullElement;
        return Some(Broken { claim, how });
    }
    let is_array = text.starts_with('{');
    let claimed = column.record.iter().flat_map(|record| &record.columns);
    let fields = claimed.zip(fields(text));
    let mut null =
        fields.filter(|(claimed, found)| !is_array && !claimed.nullable && found.is_empty());
    let claim = Claim::NoNullField;
    null.next().map(|_| Broken {
        claim,
        how: format!("`{name}` is {text}"),
    })
}

/// Whether the text of an array has the word NULL outside quotes, which only stands for NULL.
fn holds_null(array: &str) -> bool {
    let plain = array.replace(r"\\", "").replace(r#"\""#, "");
    let unquoted = plain.split('"').step_by(2);
    unquoted
        .flat_map(|text| text.split(['{', '}', ',']))
        .any(|word| word == "NULL")
}

/// The fields of the text of a row; an empty one without quotes is NULL.
fn fields(row: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let inside = row.strip_prefix('(').and_then(|row| row.strip_suffix(')'));
    for letter in inside.unwrap_or_default().chars() {
        quoted ^= letter == '"';
        if letter == ',' && !quoted {
            fields.push(String::new());
        } else if let Some(last) = fields.last_mut() {
            last.push(letter);
        }
    }
    fields
}
