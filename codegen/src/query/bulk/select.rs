//! `:batch` of a statement that only reads: its rows for each element of the slice.
//!
//! ```sql
//! SELECT id FROM books WHERE year = $1 ORDER BY id
//!
//! SELECT xact_row.id, xact_batch.xact_element
//! FROM (SELECT unnest($1::int4[]) AS xact_year, generate_subscripts($1::int4[], 1) AS xact_element) AS xact_batch
//! CROSS JOIN LATERAL (SELECT xact_rows.*, row_number() OVER () AS xact_place
//!     FROM (SELECT id FROM books WHERE year = xact_batch.xact_year ORDER BY id) AS xact_rows) AS xact_row
//! ORDER BY xact_batch.xact_element, xact_row.xact_place
//! ```
//! The statement as written is a subquery, so each of its clauses, WITH among them, can refer to the element, and an aggregate or
//! LIMIT in it is that of one element.

use super::batch::ROW;
use super::columns::SLICE;
use crate::query::analysis::Typed;
use crate::sql::identifier::write_identifier;

/// The number of the element, from 1: the last column of the result.
pub(super) const ELEMENT: &str = "xact_element";

/// The place of a row among those of its element, which the join does not keep.
const PLACE: &str = "xact_place";

/// The text before and after a statement, with the SQL of its slice.
pub(super) fn wrap_statement(typed: &Typed, slice: &str) -> (String, String) {
    let columns = typed.columns.iter();
    let columns: Vec<String> = columns
        // The comma is behind each, so that a query without columns leaves none.
        .map(|column| format!("{ROW}.{}, ", write_identifier(&column.label)))
        .collect();
    let before = format!(
        // `row_number() OVER ()` numbers the rows as the subquery gives them, and the outer ORDER
        // BY restores that order, which a join need not keep.
        "SELECT {}{SLICE}.{ELEMENT}\nFROM {slice}\nCROSS JOIN LATERAL (SELECT xact_rows.*, \
         pg_catalog.row_number() OVER () AS {PLACE}\nFROM (",
        columns.concat()
    );
    // The line break ends a comment at the end of the statement.
    let after = format!("\n) AS xact_rows) AS {ROW}\nORDER BY {SLICE}.{ELEMENT}, {ROW}.{PLACE}");
    (before, after)
}

/// The column of a slice that numbers its elements, by one of its arrays.
pub(super) fn number_elements(array: &str) -> String {
    format!("pg_catalog.generate_subscripts({array}, 1) AS {ELEMENT}")
}
