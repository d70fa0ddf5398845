//! The catalog that the migrations made, which no query changes.

use super::{PgType, TypeCatalog};
use crate::catalog_query::fetch_catalog;
use crate::database::{ThrowawayDatabase, read_or_explain};
use crate::report::Failure;
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::schema::Schema;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, Row as _};
use std::borrow::Cow;
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
    /// The version, the settings of the session, and the OIDs of objects, which results of queries depend on too; nothing on an external
    /// server, of which no result is kept.
    pub(crate) settings: Vec<String>,
}

/// Everything of a catalog but diagnostics; written from borrowed parts, read into owned ones.
#[derive(Serialize, Deserialize)]
struct CatalogRecord<'a> {
    schema: Cow<'a, Schema>,
    types: Vec<Cow<'a, PgType>>,
    settings: Cow<'a, [String]>,
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
        let types = TypeCatalog::read(connection).await?;
        let settings = match database.origin {
            Some(_) => read_settings(connection).await?,
            None => Vec::new(),
        };
        Ok(Self {
            schema: Arc::new(schema),
            types: Arc::new(types),
            unsupported,
            settings,
        })
    }

    /// Every field of it but the diagnostics, OIDs among them, which comparisons of two schemas leave out. The same bytes for the same
    /// catalog in every process.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let mut types: Vec<&PgType> = self.types.iter().collect();
        // A hash map has another order in each process.
        types.sort_unstable_by_key(|known| known.oid);
        let record = CatalogRecord {
            schema: Cow::Borrowed(&self.schema),
            types: types.into_iter().map(Cow::Borrowed).collect(),
            settings: Cow::Borrowed(&self.settings),
        };
        postcard::to_allocvec(&record).ok()
    }

    /// The catalog that was encoded, in which everything could be represented.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let record: CatalogRecord<'_> = postcard::from_bytes(bytes).ok()?;
        let types = record.types.into_iter().map(Cow::into_owned);
        Some(Self {
            schema: Arc::new(record.schema.into_owned()),
            types: Arc::new(TypeCatalog::of_types(types)),
            unsupported: Vec::new(),
            settings: record.settings.into_owned(),
        })
    }
}

async fn read_settings(connection: &mut PgConnection) -> Result<Vec<String>, Failure> {
    let failed = || Failure::connection("reading the settings of the database");
    let rows = fetch_catalog(connection, include_str!("catalog_settings.sql")).await;
    let rows = rows.map_err(failed())?;
    let lines = rows.iter().map(|row| row.try_get("line"));
    lines.collect::<Result<_, sqlx::Error>>().map_err(failed())
}
