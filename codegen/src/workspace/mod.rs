//! An open project: a migrated database that stays up, and everything that was learned with it.
//!
//! Given: the same project repeatedly, with files as an editor has them. Gives: its diagnostics and queries
//! ([`Workspace::check`]), or the files to write ([`Workspace::generate`]), the same as a run from scratch gives. The
//! watch mode, the language server and the server for agents each open one. Their databases are copies on one server
//! (`database/sharing.rs`); nothing else is shared between two of them, unsaved texts least of all.
//!
//! ```text
//! inputs     everything that a check depends on           checked   the result of a check
//! database   the migrated database, with its catalog      requests  single runs that ask this process
//! ```

mod checked;
mod database;
mod inputs;
mod requests;

pub use checked::CheckedProject;

pub use requests::{
    OpenedBy, RunRequest, RunRequests, generate_by_editor, generate_joined, next_request,
};

use crate::pipeline::{
    Generated, KeptQueries, Parsed, ParsedFiles, RecordUse, Renderer, Understood, ask_database,
    read_project,
};
use crate::project::{Overlay, Project};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Findings, Stop};
use database::WarmDatabase;
use inputs::CheckInputs;
use requests::RunAnswer;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project with a server that waits for its next check. Dropping it stops and removes the server.
///
/// ```no_run
/// # async fn check() -> Result<(), xact_codegen::Stop> {
/// use xact_codegen::workspace::Workspace;
///
/// let mut workspace = Workspace::open(".".as_ref(), None);
/// workspace.set_text("queries/notes.sql", "-- name: notes_count :one\nSELECT count(*) FROM notes;");
/// let checked = workspace.check().await?;
/// for diagnostic in &checked.diagnostics {
///     println!("{}: {}", diagnostic.location(), diagnostic.message);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    server: Option<String>,
    overlay: Overlay,
    files: ParsedFiles,
    queries: KeptQueries,
    database: Option<WarmDatabase>,
    /// The migrations that built a database last, to build it again if the current ones are refused.
    last_good: Option<Vec<Arc<SourceFile>>>,
    refused: Option<RefusedMigrations>,
    renderer: Option<Renderer>,
    /// The last check, whose result is that of every check of the same inputs.
    last: Option<(CheckInputs, CheckedProject)>,
}

/// Migrations that were refused: they are not tried again until they are edited.
#[derive(Debug)]
struct RefusedMigrations {
    /// The hash of the migrations.
    migrations: u64,
    diagnostics: Vec<Diagnostic>,
}

/// How the queries are checked while the migrations are refused.
#[derive(Clone, Copy, Debug)]
enum IfRefused {
    /// They are checked against the last database that was built.
    ServeLastGood,
    /// They are not checked.
    Stop,
}

impl Workspace {
    /// Opens the project at `root`, on the server at `server` or a private one. Nothing is read or started yet.
    pub fn open(root: &Path, server: Option<&str>) -> Self {
        Self {
            root: root.to_owned(),
            server: server.map(str::to_owned),
            overlay: Overlay::default(),
            files: ParsedFiles::default(),
            queries: KeptQueries::new(RecordUse::Read),
            database: None,
            last_good: None,
            refused: None,
            renderer: None,
            last: None,
        }
    }

    /// The folder of the project.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Sets the text of a file, which counts in place of the one on disk until [`Workspace::remove_text`]. The path is relative
    /// to the project, with `/` between folders. The file need not exist on disk.
    pub fn set_text(&mut self, path: &str, text: impl Into<String>) {
        self.overlay.set_text(path, text.into());
    }

    /// Lets the file on disk count again.
    pub fn remove_text(&mut self, path: &str) {
        self.overlay.remove(path);
    }

    /// Checks the project as it is now: all stages but the writing of files.
    ///
    /// Errors of the project are part of the result, and queries without an error are there whatever the others have. If the
    /// migrations are refused, the last database that was built serves, and [`CheckedProject::stale`] says so.
    ///
    /// # Errors
    /// [`Stop::Diagnostics`] if the migrations are refused and none were accepted before; [`Stop::Failure`] if something is wrong
    /// with the machine. A server that died is started again once.
    ///
    /// # Cancellation
    /// The database stays; the next call opens another connection to it. If the server was being started, it is removed.
    pub async fn check(&mut self) -> Result<CheckedProject, Stop> {
        let (project, findings) = read_project(&self.root, &self.overlay)?;
        let inputs = CheckInputs::of(&project, &findings);
        if let Some((_, checked)) = self.last.as_ref().filter(|(last, _)| *last == inputs) {
            return Ok(checked.clone());
        }
        self.last = None;
        let read = (project, findings);
        let understood = Box::pin(self.understand(read, IfRefused::ServeLastGood)).await;
        let (understood, stale) = understood?;
        let renderer = load_renderer(&mut self.renderer)?;
        let (understood, diagnostics) = renderer.check(understood, stale.as_deref())?;
        let checked = CheckedProject::new(understood, diagnostics, stale);
        self.last = Some((inputs, checked.clone()));
        Ok(checked)
    }

    /// Generates the files of the project as it is now; nothing is written.
    ///
    /// # Errors
    /// As [`generate`](crate::generate). A server that died is started again once.
    ///
    /// # Cancellation
    /// As [`Workspace::check`].
    pub async fn generate(&mut self) -> Result<Generated, Stop> {
        // Saved files are tried in any case: the cause may have been outside of the project.
        self.refused = None;
        let read = read_project(&self.root, &self.overlay)?;
        let (understood, _) = Box::pin(self.understand(read, IfRefused::Stop)).await?;
        load_renderer(&mut self.renderer)?.render(understood)
    }

    /// The result of the project as it is on disk, if it has this fingerprint, and the database is that of its migrations.
    async fn generate_saved(&mut self, fingerprint: u64) -> Option<RunAnswer> {
        let read = read_project(&self.root, &Overlay::default()).ok()?;
        let (project, _) = &read;
        // Migrations that the editor has otherwise would have to be built, and built again at the next key.
        if project.fingerprint() != fingerprint
            || !self.is_built_from(project.migrations_fingerprint())
        {
            return None;
        }
        let understood = Box::pin(self.understand(read, IfRefused::Stop)).await;
        let renderer = load_renderer(&mut self.renderer).ok()?;
        match understood.and_then(|(understood, _)| renderer.render(understood)) {
            Ok(generated) => Some(Ok(generated)),
            Err(Stop::Diagnostics(found)) => Some(Err(found)),
            // Something is wrong with this process; the run may have more luck.
            Err(Stop::Failure(_)) => None,
        }
    }

    /// Stops the server and waits until it has ended. The next check starts it again.
    ///
    /// # Errors
    /// If something is left behind.
    ///
    /// # Cancellation
    /// Dropping the future still removes the server.
    pub async fn stop(&mut self) -> Result<(), Failure> {
        match self.database.take() {
            Some(database) => database.stop().await,
            None => Ok(()),
        }
    }

    async fn understand(
        &mut self,
        read: (Project, Findings),
        if_refused: IfRefused,
    ) -> Result<(Understood, Option<Vec<Diagnostic>>), Stop> {
        let again = self.database.is_some().then(|| read.clone());
        match (self.attempt(read, if_refused).await, again) {
            // The server may have been stopped meanwhile, or the machine may have slept.
            (Err(Stop::Failure(_)), Some(read)) => {
                self.database = None;
                self.attempt(read, if_refused).await
            }
            (result, _) => result,
        }
    }

    async fn attempt(
        &mut self,
        (project, findings): (Project, Findings),
        if_refused: IfRefused,
    ) -> Result<(Understood, Option<Vec<Diagnostic>>), Stop> {
        let mut parsed = Parsed::parse(project, findings, &mut self.files);
        let prepared = Box::pin(self.prepare_database(&parsed.project)).await;
        let stale = prepared.map_err(|stop| std::mem::take(&mut parsed.findings).stop(stop))?;
        let stale = match (if_refused, stale) {
            (IfRefused::Stop, Some(refused)) => {
                return Err(parsed.findings.stop(Stop::Diagnostics(refused)));
            }
            (_, stale) => stale,
        };
        let Some(warm) = &mut self.database else {
            return Err(Failure::Internal("the database was not kept".to_owned()).into());
        };
        parsed.findings.extend(warm.warnings.clone());
        let catalog = warm.catalog.clone();
        // Invariant: this is reset only once everything tried in the database is rolled back.
        warm.interrupted = true;
        let understood =
            ask_database(&mut warm.database, catalog, parsed, &mut self.queries).await?;
        warm.interrupted = false;
        Ok((understood, stale))
    }

    /// Sees to a database for the migrations of the project. If these are refused and there is one of the last migrations that were
    /// not, gives the refusal.
    async fn prepare_database(
        &mut self,
        project: &Project,
    ) -> Result<Option<Vec<Diagnostic>>, Stop> {
        self.replace_interrupted_connection().await;
        let migrations = project.migrations_fingerprint();
        if self.is_built_from(migrations) {
            self.refused = None;
            return Ok(None);
        }
        let known = self.refused.take();
        let known = known.filter(|refused| refused.migrations == migrations);
        let refused = match known {
            Some(refused) => refused.diagnostics,
            None => match self.rebuild(project).await {
                Ok(()) => return Ok(None),
                Err(Stop::Diagnostics(found)) => found,
                Err(failure) => return Err(failure),
            },
        };
        self.refused = Some(RefusedMigrations {
            migrations,
            diagnostics: refused.clone(),
        });
        self.restore_last_good(project, refused).await.map(Some)
    }

    fn is_built_from(&self, migrations: u64) -> bool {
        let database = self.database.as_ref();
        database.is_some_and(|database| database.migrations == migrations)
    }

    /// A check that was dropped left its connection with a question that is not answered yet.
    async fn replace_interrupted_connection(&mut self) {
        let Some(database) = &mut self.database else {
            return;
        };
        if database.interrupted && database.reconnect().await.is_err() {
            self.database = None;
        }
    }

    /// Builds a database from the migrations of the project, in place of the one that is there.
    async fn rebuild(&mut self, project: &Project) -> Result<(), Stop> {
        // Roles belong to the whole server, so on one server the old database is removed first.
        let old = self.database.take();
        let (kept, removed) = match old {
            Some(database) if database.has_own_server() => (Some(database), None),
            old => (None, old),
        };
        if let Some(database) = removed {
            database.stop().await?;
        }
        match WarmDatabase::build(project, self.server.as_deref()).await {
            Ok(database) => {
                self.last_good = Some(project.migrations.clone());
                self.database = Some(database);
                if let Some(old) = kept {
                    old.stop().await?;
                }
                Ok(())
            }
            Err(stop) => {
                self.database = kept;
                Err(stop)
            }
        }
    }

    /// Sees to a database of the last migrations that were accepted. Gives the refusal of the others, as an error if there are none.
    async fn restore_last_good(
        &mut self,
        project: &Project,
        refused: Vec<Diagnostic>,
    ) -> Result<Vec<Diagnostic>, Stop> {
        if self.database.is_some() {
            return Ok(refused);
        }
        let Some(migrations) = self.last_good.clone() else {
            return Err(Stop::Diagnostics(refused));
        };
        let last_good = Project {
            migrations,
            ..project.clone()
        };
        match WarmDatabase::build(&last_good, self.server.as_deref()).await {
            Ok(database) => {
                self.database = Some(database);
                Ok(refused)
            }
            Err(Stop::Diagnostics(_)) => Err(Stop::Diagnostics(refused)),
            Err(failure) => Err(failure),
        }
    }
}

fn load_renderer(renderer: &mut Option<Renderer>) -> Result<&mut Renderer, Failure> {
    Ok(match renderer {
        Some(renderer) => renderer,
        none => none.insert(Renderer::load()?),
    })
}
