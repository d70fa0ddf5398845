//! The hash of everything that the results of queries depend on, besides the text of each query.
//!
//! Given: a migrated database of this program and its catalog. Gives: one number. A result may only be used under the number that it was
//! written under, so everything that is left out here would be wrong code.

use crate::catalog_query::fetch_catalog;
use crate::database::hash_tool;
use crate::query::{PgType, TypedSchema};
use crate::report::Failure;
use sqlx::{PgConnection, Row as _};
use std::fmt::Write as _;
use xact::generated::content_hash;

/// The hash for the database that was built from `origin`, in an environment of the project; none if this program has no identity.
pub(super) async fn hash_environment(
    connection: &mut PgConnection,
    origin: u64,
    catalog: &TypedSchema,
    environment: &str,
) -> Result<Option<u64>, Failure> {
    // Another build may analyse differently, or write records otherwise.
    let Some(tool) = hash_tool() else {
        return Ok(None);
    };
    let mut text = format!("{tool:x} {origin:x}\n{environment}\n");
    for line in read_lines(connection).await? {
        text.push_str(&line);
        text.push('\n');
    }
    write_catalog(&mut text, catalog);
    Ok(Some(content_hash(text.as_bytes())))
}

async fn read_lines(connection: &mut PgConnection) -> Result<Vec<String>, Failure> {
    let failed = || Failure::connection("reading the settings of the database");
    let rows = fetch_catalog(connection, include_str!("key.sql")).await;
    let rows = rows.map_err(failed())?;
    let lines = rows.iter().map(|row| row.try_get("line"));
    lines.collect::<Result<_, sqlx::Error>>().map_err(failed())
}

/// The migrations decide about the catalog, unless one of them does something else each time: `random()`, a file of the server, the date.
/// `Debug` writes every field, OIDs among them, which comparisons of two schemas leave out.
fn write_catalog(text: &mut String, catalog: &TypedSchema) {
    let TypedSchema { schema, types, .. } = catalog;
    let mut types: Vec<&PgType> = types.iter().collect();
    // A hash map has another order in each process.
    types.sort_unstable_by_key(|known| known.oid);
    // Writing to a `String` cannot fail.
    let _ = write!(text, "{schema:?}\n{types:?}");
}
