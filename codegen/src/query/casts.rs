//! Arrays that a client cannot send in their own type: of a domain, whose arrays name the domain in their bytes, and of
//! `citext`, whose values are text to a client.
//!
//! Given: typed queries with such parameters. Gives: the same queries with a cast around these, `($1::text[]::citext[])`, and
//! the type that is sent as the type of the parameter. A query that Postgres does not accept so is left as it is.

use super::bulk::{element_of, unbounded};
use super::{DescribedQuery, Finished, Query, Shape, TypeCatalog, TypeKind, WireSql};
use super::{choose_variants, describe, find_parameters};
use crate::report::Failure;
use crate::schema::{Annotations, Schema};
use sqlx::PgConnection;
use std::collections::HashMap;
use std::sync::Arc;

/// A parameter's cast.
struct Cast {
    /// The OID of the array that is sent.
    sent: u32,
    /// `::text[]::citext[]`
    sql: String,
}

/// Puts the casts where they are needed. A type that the annotations map is sent as it is.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves nothing behind: statements are prepared, never run.
pub async fn cast_arrays(
    connection: &mut PgConnection,
    queries: &mut [Finished],
    catalog: &TypeCatalog,
    annotations: &Annotations,
    schema: &Schema,
) -> Result<(), Failure> {
    // A bulk statement has chosen what it sends in place of each parameter already.
    for typed in queries.iter_mut().filter(|typed| typed.bulk.is_none()) {
        let parameters = typed.parameters.iter().enumerate();
        let casts: HashMap<usize, Cast> = parameters
            .filter_map(|(index, parameter)| {
                let cast = cast_of(parameter.type_oid, catalog, annotations)?;
                Some((index + 1, cast))
            })
            .collect();
        if casts.is_empty() {
            continue;
        }
        let queries = with_casts(&typed.query, &casts);
        let count = queries.len();
        let (described, _) = describe(connection, queries, schema).await?;
        // A cast can choose another overload of a function or operator, and with it another result.
        let is_same = |described: &DescribedQuery| {
            let found = described.columns.iter().map(|column| column.type_oid);
            found.eq(typed.columns.iter().map(|column| column.type_oid))
        };
        if described.len() != count || !described.iter().all(is_same) {
            continue;
        }
        let Some(whole) = described.into_iter().next() else {
            continue;
        };
        typed.query = Query {
            parameters: std::mem::take(&mut typed.query.parameters),
            ..whole.query
        };
        for (number, cast) in casts {
            if let Some(parameter) = typed.parameters.get_mut(number - 1) {
                parameter.type_oid = cast.sent;
            }
        }
    }
    Ok(())
}

fn cast_of(oid: u32, catalog: &TypeCatalog, annotations: &Annotations) -> Option<Cast> {
    let own = catalog.get(oid)?;
    let base = catalog.base(oid)?;
    let TypeKind::Array(element) = base.kind else {
        return None;
    };
    let is_annotated = [own, base]
        .iter()
        .any(|found| annotations.types.contains_key(&found.sql_name));
    // Without an array type of its own there is nothing that could be sent.
    let sent =
        element_of(element, catalog).filter(|sent| sent.oid != element && sent.array != 0)?;
    (!is_annotated).then(|| Cast {
        sent: sent.array,
        sql: format!("::{}[]::{}", unbounded(sent), own.sql_name),
    })
}

/// The query with the casts, and the variants of it that are checked.
fn with_casts(query: &Query, casts: &HashMap<usize, Cast>) -> Vec<Query> {
    let Some(shape) = &query.shape else {
        return vec![Query {
            sql: cast_parameters(&query.sql, casts),
            ..query.clone()
        }];
    };
    let mut shape = Shape::clone(shape);
    for segment in &mut shape.segments {
        segment.sql = cast_parameters(&segment.sql, casts);
    }
    let shape = Arc::new(shape);
    // The whole first: it becomes the query, and the others are only checked.
    let variants = std::iter::once(shape.whole()).chain(choose_variants(&shape));
    let queries = variants.map(|choices| Query {
        shape: Some(Arc::clone(&shape)),
        ..query.as_variant(&shape, choices)
    });
    queries.collect()
}

fn cast_parameters(sql: &WireSql, casts: &HashMap<usize, Cast>) -> WireSql {
    let edits = find_parameters(&sql.text).filter_map(|(range, index)| {
        let number = index + 1;
        let cast = casts.get(&number)?;
        // In brackets, because a subscript or a field may follow the parameter.
        Some((range, format!("(${number}{})", cast.sql)))
    });
    let edits: Vec<_> = edits.collect();
    sql.with_edits(&edits)
}
