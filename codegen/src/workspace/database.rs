//! The migrated database of an open project, with its catalog.

use crate::database::{Sharing, ThrowawayDatabase};
use crate::pipeline::{build_database, check_schema_file};
use crate::project::Project;
use crate::query::TypedSchema;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Findings, Stop};

/// A database that waits for the next check.
#[derive(Debug)]
pub(super) struct WarmDatabase {
    pub(super) database: ThrowawayDatabase,
    pub(super) catalog: TypedSchema,
    /// Warnings about the migrations, and about the schema.sql that is written from them.
    pub(super) warnings: Vec<Diagnostic>,
    /// The hash of the migrations that built it.
    pub(super) migrations: u64,
    /// Whether a check is at work, or was dropped.
    pub(super) interrupted: bool,
}

impl WarmDatabase {
    pub(super) async fn build(project: &Project, server: Option<&str>) -> Result<Self, Stop> {
        let mut findings = Findings::default();
        let mut database = build_database(project, server, Sharing::Publish, &mut findings).await?;
        let catalog = TypedSchema::read(&mut database).await?;
        findings.extend(check_schema_file(&mut database, &catalog, project, server).await?);
        Ok(Self {
            migrations: project.migrations_fingerprint(),
            database,
            catalog,
            warnings: findings.into_sorted(),
            interrupted: false,
        })
    }

    /// Whether its server has no other database of this program.
    pub(super) fn has_own_server(&self) -> bool {
        self.database.has_own_server()
    }

    /// Replaces the connection, after the server ended the session of the old one.
    pub(super) async fn reconnect(&mut self) -> Result<(), Failure> {
        self.database.reconnect().await?;
        self.interrupted = false;
        Ok(())
    }

    pub(super) async fn stop(self) -> Result<(), Failure> {
        self.database.stop().await
    }
}
