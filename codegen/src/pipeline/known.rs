//! A run on the database that another run kept: its catalog is known, so that everything that is known can be prepared while its server
//! starts.
//!
//! Given: a project whose queries are parsed. Gives: the database with its catalog, the results of the queries that are recorded, and the
//! files that these make. All of it is as a run that migrates would find it, only earlier.

use super::kept::{KeptQueries, RecordUse};
use super::{Parsed, Renderer};
use crate::database::{FoundDatabase, ThrowawayDatabase};
use crate::project::Project;
use crate::query::TypedSchema;
use crate::report::activity::doing;
use crate::report::{Failure, Stop};
use crate::rust::KeptTexts;
use crate::schema::Schema;
use std::path::Path;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// A kept database with its catalog.
pub(super) struct KnownDatabase {
    found: FoundDatabase,
    catalog: TypedSchema,
    created_roles: Vec<String>,
}

/// The same when its server accepts connections.
pub(super) struct StartedDatabase {
    pub(super) database: ThrowawayDatabase,
    pub(super) catalog: TypedSchema,
    pub(super) renderer: StartedRenderer,
}

/// A renderer that a thread prepares.
pub(super) struct StartedRenderer(Option<JoinHandle<Result<Renderer, Failure>>>);

impl KnownDatabase {
    /// The kept database of a project, if there is one.
    pub(super) fn find(project: &Project, server: Option<&str>) -> Option<Self> {
        let found = FoundDatabase::find(project, server)?;
        let (created_roles, bytes): (Vec<String>, &[u8]) =
            postcard::from_bytes(found.notes()).ok()?;
        let catalog = TypedSchema::decode(bytes)?;
        Some(Self {
            found,
            catalog,
            created_roles,
        })
    }

    /// Its schema alone.
    pub(super) fn into_schema(self) -> Schema {
        Arc::unwrap_or_clone(self.catalog.schema)
    }

    /// Starts its server, and prepares `kept` and the files meanwhile. None if the server does not start: then `kept` is of no use.
    pub(super) async fn start(
        self,
        parsed: &Parsed,
        kept: &mut KeptQueries,
    ) -> Option<StartedDatabase> {
        let Self {
            found,
            catalog,
            created_roles,
        } = self;
        let _at = doing("starting Postgres");
        let origin = found.origin();
        let copied = found.begin();
        kept.begin(Some(origin), &parsed.project, &catalog);
        kept.restore(&parsed.queries);
        let queries = kept.list_known(&parsed.queries);
        let starting = copied.started().await.ok()?;
        // Only now: the copy needs the processors more.
        let (project, known) = (parsed.project.clone(), catalog.clone());
        let renderer = StartedRenderer::prepare(move || {
            let mut renderer = Renderer::load_with(KeptTexts::read(&project.root))?;
            renderer.prepare(&project, &known, &queries);
            Ok(renderer)
        });
        let database = starting.ready(created_roles).await.ok()?;
        Some(StartedDatabase {
            database,
            catalog,
            renderer,
        })
    }
}

impl StartedRenderer {
    fn prepare(prepare: impl FnOnce() -> Result<Renderer, Failure> + Send + 'static) -> Self {
        Self(Some(tokio::task::spawn_blocking(prepare)))
    }

    /// One that nothing is prepared for.
    pub(super) fn new() -> Self {
        Self(None)
    }

    /// The renderer, when it is prepared.
    pub(super) async fn join(self, root: &Path, record_use: RecordUse) -> Result<Renderer, Stop> {
        let Some(handle) = self.0 else {
            return Ok(match record_use {
                RecordUse::Read => Renderer::load_with(KeptTexts::read(root))?,
                RecordUse::Ignore => Renderer::load()?,
            });
        };
        let panicked = |error| Failure::Internal(format!("rendering panicked: {error}"));
        Ok(handle.await.map_err(panicked)??)
    }
}

/// Keeps a database that was migrated now, with its catalog.
pub(super) async fn keep_database(database: &mut ThrowawayDatabase, catalog: &TypedSchema) {
    if !database.is_keepable() || !catalog.unsupported.is_empty() {
        return;
    }
    let Some(bytes) = catalog.encode() else {
        return;
    };
    if let Ok(notes) = postcard::to_allocvec(&(&database.created_roles, bytes.as_slice())) {
        database.keep(notes).await;
    }
}
