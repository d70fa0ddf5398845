//! `:copy`: INSERT of one row of parameters, as a binary COPY of many.
//!
//! COPY converts nothing: each value is sent in the type of its column. So every value has to be a parameter, alone.

use super::clauses::Clauses;
use super::{Bulk, BulkForm, BulkValue};
use crate::query::analysis::Typed;
use crate::query::{PgType, TypeCatalog, TypeKind};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::Span;
use std::collections::HashSet;
use std::ops::Range;

/// The COPY for an INSERT, and the value of each of its columns.
pub(super) fn rewrite_copy(typed: &Typed, catalog: &TypeCatalog) -> Result<Bulk, Diagnostic> {
    let clauses = Clauses::of(&typed.query.sql.text);
    let Some(insert) = CopyInsert::read_insert(&clauses) else {
        return Err(not_for_copy(typed));
    };
    let values = insert.numbers.iter().map(|number| {
        let parameter = number - 1;
        let oid = typed
            .parameters
            .get(parameter)
            .map_or(0, |found| found.type_oid);
        match catalog.base(oid).filter(|base| is_written(base, catalog)) {
            Some(base) => Ok(BulkValue {
                parameter,
                type_oid: base.oid,
                shape: BulkForm::Value,
            }),
            None => Err(not_written(typed, parameter, catalog.get(oid))),
        }
    });
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let into = &typed.query.sql.text[insert.into];
    let sql = format!("COPY {into} FROM STDIN (FORMAT binary)");
    Ok(Bulk {
        sql,
        values,
        numbered: false,
    })
}

/// `INSERT INTO tags (name, color) VALUES ($1, $2)`
struct CopyInsert {
    /// The table and its columns.
    into: Range<usize>,
    /// The parameters, in the order of the columns.
    numbers: Vec<usize>,
}

impl CopyInsert {
    /// None if it is anything else, however little.
    fn read_insert(clauses: &Clauses<'_>) -> Option<Self> {
        let values = clauses.find(0, &["VALUES"])?;
        let starts = clauses.is(0, "INSERT") && clauses.is(1, "INTO");
        let (open, close) = (values + 1, clauses.closing(values + 1)?);
        // Nothing may follow the bracket: COPY has no RETURNING and no ON CONFLICT.
        let whole = clauses.text(open) == "(" && close + 1 == clauses.len();
        // The columns are named, and nothing is between them and VALUES.
        let columns = (2..values).find(|&index| clauses.text(index) == "(")?;
        let named = clauses.closing(columns)? + 1 == values;
        // A name with an alias would have one word more.
        let bare = (3..columns).all(|index| (clauses.text(index) == ".") == (index % 2 == 1));
        if !(starts && whole && named && bare) {
            return None;
        }
        let numbered: Vec<(usize, usize)> = clauses
            .parameters()
            .filter(|(index, _)| (open..close).contains(index))
            .collect();
        let alone = (open + 1..close).enumerate().all(|(place, index)| {
            let is_parameter = numbered.iter().any(|(at, _)| *at == index);
            if place % 2 == 0 {
                is_parameter
            } else {
                clauses.text(index) == ","
            }
        });
        let numbers: Vec<usize> = numbered.into_iter().map(|(_, number)| number).collect();
        // One parameter for two columns would have the type of the first.
        let once = numbers.iter().collect::<HashSet<_>>().len() == numbers.len();
        (alone && once).then(|| Self {
            into: clauses.start(2)..clauses.end(values - 1),
            numbers,
        })
    }
}

/// Whether a value can be written without a question to the server: arrays and composites contain the OIDs of their
/// types, and those of the project's own types differ between databases.
fn is_written(base: &PgType, catalog: &TypeCatalog) -> bool {
    match base.kind {
        TypeKind::Base | TypeKind::Enum(_) => true,
        TypeKind::Array(element) => {
            let element = catalog.get(element);
            // OIDs of built-in types are the same in every database.
            element.is_some_and(|element| element.is_built_in() && element.name != "json")
        }
        TypeKind::Range(_) => base.is_built_in(),
        TypeKind::Composite(_) | TypeKind::Domain(_) | TypeKind::Multirange | TypeKind::Pseudo => {
            false
        }
    }
}

fn not_for_copy(typed: &Typed) -> Diagnostic {
    let message =
        "`:copy` is for `INSERT INTO table (columns) VALUES (…)` of parameters alone, each once";
    let help = "use `:batch`, which takes any INSERT, with ON CONFLICT and RETURNING";
    Diagnostic::error("copy-form", typed.query.name_span.clone(), message).help(help)
}

fn not_written(typed: &Typed, parameter: usize, found: Option<&PgType>) -> Diagnostic {
    let written = typed.query.parameters.get(parameter);
    let span: &Span = written.map_or(&typed.query.name_span, |written| &written.span);
    let name = found.map_or("?", |found| &found.sql_name);
    let message = format!("`:copy` cannot write values of type `{name}`");
    Diagnostic::error("copy-form", span.clone(), message).help("use `:batch`")
}
