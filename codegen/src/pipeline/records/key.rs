//! The hash of everything that the results of queries depend on, besides the text of each query.
//!
//! Given: the catalog of a migrated database of this program. Gives: one number. A result may only be used under the number that it was
//! written under, so everything that is left out here would be wrong code.

use crate::database::hash_tool;
use crate::query::TypedSchema;
use xact::generated::content_hash;

/// The hash for the database that was built from `origin`, in an environment of the project; none if this program has no identity.
///
/// The migrations decide about the catalog, unless one of them does something else each time: `random()`, a file of the server, the date.
pub(super) fn hash_environment(
    origin: u64,
    catalog: &TypedSchema,
    environment: &str,
) -> Option<u64> {
    // Another build may analyse differently, or write records otherwise.
    let tool = hash_tool()?;
    let mut text = format!("{tool:x} {origin:x}\n{environment}\n").into_bytes();
    text.extend(catalog.encode()?);
    Some(content_hash(&text))
}
