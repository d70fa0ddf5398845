//! Lists of rows: `(a, b) IN (:pairs)`, sent as a subquery over one array for each column.
//!
//! ```sql
//! (a, b) IN (:pairs)      (a, b) IN (SELECT xact_1, xact_2 FROM unnest($1::bigint[], $2::text[]) AS xact_list (xact_1, xact_2))
//! ```
//! Given: described queries, whose lists stand for one row, `IN (($1, $2))`, because a parameter of `unnest` has no type until it
//! is known what it is compared with. Gives: the queries with the subquery in its place, described. Everything that follows sees
//! the statement that is sent: one row of a list would prove that there is no second.

use super::bulk::{element_of, unbounded};
use super::shapes::{Shape, find_parameters};
use super::{DescribedQuery, Query, TypeCatalog, WireSql, describe};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use crate::sql::lexer::{TokenKind, Word, find_closing, words};
use sqlx::PgConnection;
use std::ops::Range;
use std::sync::Arc;

/// Writes the lists of rows as subqueries.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves nothing behind: statements are prepared, never run.
pub async fn write_row_lists(
    connection: &mut PgConnection,
    described: Vec<DescribedQuery>,
    catalog: &TypeCatalog,
    schema: &Schema,
) -> Result<(Vec<DescribedQuery>, Vec<Diagnostic>), Failure> {
    let (mut good, mut diagnostics) = (Vec::new(), Vec::new());
    for one in described {
        if one
            .query
            .parameters
            .iter()
            .all(|parameter| parameter.part.is_none())
        {
            good.push(one);
            continue;
        }
        let query = match with_subqueries(&one, catalog) {
            Ok(query) => query,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        // Described once more: with `unnest` the parameters are arrays.
        let (mut again, refused) = describe(connection, vec![query], schema).await?;
        good.append(&mut again);
        diagnostics.extend(refused);
    }
    Ok((good, diagnostics))
}

fn with_subqueries(described: &DescribedQuery, catalog: &TypeCatalog) -> Result<Query, Diagnostic> {
    let query = &described.query;
    if query.command.is_bulk() {
        let message = "a list of rows cannot be a part of each element of a slice";
        let help =
            "pass one array for each column: `IN (SELECT * FROM unnest(:a::bigint[], :b::text[]))`";
        let listed = query
            .parameters
            .iter()
            .find(|parameter| parameter.part.is_some());
        let span = listed.map_or(&query.name_span, |parameter| &parameter.span);
        return Err(Diagnostic::error("row-list", span.clone(), message).help(help));
    }
    let mut types = Vec::new();
    for (parameter, oid) in query.parameters.iter().zip(&described.parameters) {
        let element = element_of(*oid, catalog).filter(|element| element.array != 0);
        if element.is_none() && parameter.part.is_some() {
            let name = catalog
                .get(*oid)
                .map_or("?", |found| found.sql_name.as_str());
            let message =
                format!("a column of this list has type `{name}`, of which there are no arrays");
            let help = "compare the text of both: `(a::text, b) IN (:pairs)`";
            let span = parameter.span.clone();
            return Err(Diagnostic::error("unmapped-type", span, message).help(help));
        }
        let element = element.filter(|_| parameter.part.is_some());
        types.push(element.map(|element| format!("{}[]", unbounded(element))));
    }
    // The number of a parameter in a variant, and in the shape that the variant is of.
    let own = |index: usize| types.get(index).cloned().flatten();
    let Some(shape) = &query.shape else {
        return Ok(Query {
            sql: rewrite(&query.sql, &own),
            ..query.clone()
        });
    };
    let variant = query.variant.iter().flat_map(|variant| &variant.parameters);
    let places: Vec<usize> = variant.copied().collect();
    let of_shape = |index: usize| own(places.iter().position(|place| *place == index)?);
    let mut shape = Shape::clone(shape);
    for segment in &mut shape.segments {
        segment.sql = rewrite(&segment.sql, &of_shape);
    }
    let whole = query.as_variant(&shape, shape.whole());
    Ok(Query {
        shape: Some(Arc::new(shape)),
        ..whole
    })
}

/// The text with subqueries in place of its lists; `array` is the type of the array of a parameter.
fn rewrite(sql: &WireSql, array: &dyn Fn(usize) -> Option<String>) -> WireSql {
    let words = words(&sql.text);
    let lists = (0..words.len()).filter_map(|at| read_list(&words, at));
    let edits = lists.filter_map(|(range, numbers)| {
        let arrays = numbers.iter().map(|index| {
            let array = array(*index)?;
            Some(format!("${}::{array}", index + 1))
        });
        let arrays = arrays.collect::<Option<Vec<String>>>()?.join(", ");
        let columns: Vec<String> = (1..=numbers.len())
            .map(|number| format!("xact_{number}"))
            .collect();
        let columns = columns.join(", ");
        let subquery = format!("SELECT {columns} FROM unnest({arrays}) AS xact_list ({columns})");
        Some((range, subquery))
    });
    let edits: Vec<_> = edits.collect();
    sql.with_edits(&edits)
}

/// The row in `IN (($1, $2))`, if the word is that IN, and the indexes of its parameters.
fn read_list(words: &[Word<'_>], at: usize) -> Option<(Range<usize>, Vec<usize>)> {
    let [outer, inner] = [words.get(at + 1)?, words.get(at + 2)?];
    if !words[at].is("IN") || outer.text != "(" || inner.text != "(" {
        return None;
    }
    let close = find_closing(words, at + 2)?;
    let items = &words[at + 3..close];
    // One parameter in double brackets is the user's own expression.
    let is_list = items.len() > 1
        && items
            .iter()
            .enumerate()
            .all(|(index, word)| match index % 2 {
                0 => word.kind == TokenKind::Positional,
                _ => word.text == ",",
            });
    if !is_list || words.get(close + 1)?.text != ")" {
        return None;
    }
    let numbers = items
        .iter()
        .step_by(2)
        .map(|word| find_parameters(word.text).next());
    let numbers: Option<Vec<usize>> = numbers.map(|found| found.map(|(_, index)| index)).collect();
    Some((inner.range.start..words[close].range.end, numbers?))
}
