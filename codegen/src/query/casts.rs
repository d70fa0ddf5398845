//! Arrays that a client cannot send in their own type: of a domain, whose arrays name the domain in their bytes, and of
//! `citext`, whose values are text to a client.
//!
//! Given: typed queries with such parameters. Gives: the same queries with a cast around these, `($1::text[]::citext[])`, and
//! the type that is sent as the type of the parameter. A query that Postgres does not accept so is left as it is.

use super::bulk::{element_of, unbounded};
use super::{Finished, Query, TypeCatalog, TypeKind, describe};
use crate::report::Failure;
use crate::schema::{Annotations, Schema};
use crate::sql::lexer::{TokenKind, words};
use sqlx::PgConnection;
use std::collections::HashMap;

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
        let query = with_casts(&typed.query, &casts);
        let (described, _) = describe(connection, vec![query], schema).await?;
        let Some(described) = described.into_iter().next() else {
            continue;
        };
        let found = described.columns.iter().map(|column| column.type_oid);
        // A cast can choose another overload of a function or operator, and with it another result.
        if !found.eq(typed.columns.iter().map(|column| column.type_oid)) {
            continue;
        }
        typed.query = described.query;
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
    let sent =
        element_of(element, catalog).filter(|sent| sent.oid != element && sent.array != 0)?;
    (!is_annotated).then(|| Cast {
        sent: sent.array,
        sql: format!("::{}[]::{}", unbounded(sent), own.sql_name),
    })
}

fn with_casts(query: &Query, casts: &HashMap<usize, Cast>) -> Query {
    let text = &query.sql.text;
    let numbered = words(text)
        .into_iter()
        .filter(|word| word.kind == TokenKind::Positional);
    let edits = numbered.filter_map(|word| {
        let number: usize = word.text.get(1..)?.parse().ok()?;
        let cast = casts.get(&number)?;
        Some((word.range, format!("(${number}{})", cast.sql)))
    });
    let edits: Vec<_> = edits.collect();
    Query {
        sql: query.sql.with_edits(&edits),
        ..query.clone()
    }
}
