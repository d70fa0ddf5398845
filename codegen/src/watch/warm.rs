//! The migrated database of the last run, kept for the next one.
//!
//! Given: the same project repeatedly. Gives: the result of [`generate`](crate::generate). Only the
//! database stays, with its catalog, and only while the migrations do: everything else is read
//! and analysed again.

use crate::database::Database;
use crate::pipeline::{Generated, Parsed, ask, check_schema_file, migrate, render};
use crate::query::Catalog;
use crate::report::Stop;
use crate::report::diagnostic::Diagnostic;
use crate::rust::Templates;
use std::path::{Path, PathBuf};

/// A project with a server that waits for its next run. Dropping it stops and removes the server.
#[derive(Debug)]
pub struct Warm {
    root: PathBuf,
    server: Option<String>,
    built: Option<Built>,
    templates: Option<Templates>,
}

#[derive(Debug)]
struct Built {
    /// The hash of the migrations that built it.
    migrations: u64,
    database: Database,
    catalog: Catalog,
    /// What is wrong with the schema.sql that is written from it.
    warnings: Vec<Diagnostic>,
}

impl Warm {
    /// The project at `root`, on the server at `server` or a private one. Nothing is started yet.
    pub fn new(root: &Path, server: Option<&str>) -> Self {
        Self {
            root: root.to_owned(),
            server: server.map(str::to_owned),
            built: None,
            templates: None,
        }
    }

    /// Generates the files of the project as it is now; nothing is written.
    ///
    /// # Errors
    /// As [`generate`](crate::generate). The next call starts from scratch where it has to.
    ///
    /// # Cancellation
    /// The database at work is removed; the next call makes another.
    pub async fn generate(&mut self) -> Result<Generated, Stop> {
        let kept = self.built.is_some();
        match self.attempt().await {
            // The server may have been stopped meanwhile, or the machine may have slept.
            Err(Stop::Failure(_)) if kept => self.attempt().await,
            result => result,
        }
    }

    async fn attempt(&mut self) -> Result<Generated, Stop> {
        let mut parsed = Parsed::read(&self.root)?;
        let migrations = parsed.project.migrations_fingerprint();
        let mut built = self.built(&mut parsed, migrations).await?;
        parsed.findings.extend(built.warnings.clone());
        // Invariant: a database comes back only once everything tried in it is rolled back.
        let understood = ask(&mut built.database, built.catalog.clone(), parsed).await?;
        self.built = Some(built);
        let templates = match &mut self.templates {
            Some(templates) => templates,
            none => none.insert(Templates::load()?),
        };
        render(understood, templates)
    }

    /// The database that is there, if the migrations are those that built it; else a new one.
    async fn built(&mut self, parsed: &mut Parsed, migrations: u64) -> Result<Built, Stop> {
        match self.built.take() {
            Some(built) if built.migrations == migrations => return Ok(built),
            // Roles belong to the whole server, so a private server is stopped with its database.
            Some(built) => built.database.stop().await?,
            None => {}
        }
        let (project, server) = (&parsed.project, self.server.as_deref());
        let mut database = migrate(project, server, &mut parsed.findings).await?;
        let catalog = Catalog::read(&mut database).await?;
        let warnings = check_schema_file(&mut database, &catalog, project, server).await?;
        Ok(Built {
            migrations,
            database,
            catalog,
            warnings,
        })
    }
}
