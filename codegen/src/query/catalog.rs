//! The catalog that the migrations made, which no query changes.

use super::TypeCatalog;
use crate::database::{ThrowawayDatabase, read_or_explain};
use crate::report::Failure;
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use std::sync::Arc;

/// The schema and the types of a migrated database.
#[derive(Clone, Debug)]
pub(crate) struct TypedSchema {
    /// The schema; empty if it cannot be represented.
    pub(crate) schema: Arc<Schema>,
    /// Its types, and Postgres's own.
    pub(crate) types: Arc<TypeCatalog>,
    /// The objects that cannot be represented.
    pub(crate) unsupported: Vec<Diagnostic>,
}

impl TypedSchema {
    /// Reads both.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(crate) async fn read(database: &mut ThrowawayDatabase) -> Result<Self, Failure> {
        let _at = doing("reading the schema");
        let connection = &mut database.session.connection;
        let (schema, unsupported) = read_or_explain(connection, &database.created_roles).await?;
        Ok(Self {
            schema: Arc::new(schema),
            types: Arc::new(TypeCatalog::read(connection).await?),
            unsupported,
        })
    }
}
