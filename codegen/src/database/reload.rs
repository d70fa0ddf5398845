//! Whether schema.sql builds the schema that it was written from.
//!
//! Given: the database that the migrations built, and the text of schema.sql. Gives: a warning that names the objects that
//! differ, row by row of the catalog. The text is loaded into a second throwaway database, once for each content: what was
//! found equal is remembered outside the project.

use super::{ThrowawayDatabase, kept_files};
use crate::project::Project;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use crate::schema::catalog::{CatalogRows, ColumnOrder};
use crate::schema::{self, Schema};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xact::generated::content_hash;
use xact_server::{cache_folder, write_whole};

/// How many differences are named: one cause changes many rows.
const NAMED: usize = 10;

/// The text of a schema.sql that is not known to build its schema.
#[derive(Debug)]
pub(crate) struct UncheckedSchemaFile {
    path: String,
    text: String,
    /// The catalog that the migrations built.
    wanted: CatalogRows,
    /// The file that says that it was found right.
    marker: Option<PathBuf>,
}

impl UncheckedSchemaFile {
    /// The text for this schema; none if it was found right before, or if there is no second database to load it into.
    pub(crate) async fn read(
        database: &mut ThrowawayDatabase,
        schema: &Schema,
        project: &Project,
    ) -> Result<Option<Self>, Failure> {
        // There is one embedded Postgres for each process, and it is in use.
        if database.host.has_one_connection() {
            return Ok(None);
        }
        let text = schema::dump(schema);
        let marker = marker_of(project, &text);
        if marker.as_deref().is_some_and(Path::exists) {
            return Ok(None);
        }
        Ok(Some(Self {
            path: project.paths().schema.clone(),
            text,
            wanted: read_rows(database).await?,
            marker,
        }))
    }

    /// Loads the text into a database of its own and compares. Gives warnings, because the queries are checked against the
    /// database that the migrations built.
    pub(crate) async fn check(self, server: Option<&str>) -> Result<Vec<Diagnostic>, Failure> {
        let path = self.path;
        let found = match load_text(&path, self.text, server).await {
            Ok(found) => found,
            Err(Stop::Failure(failure)) => return Err(failure),
            Err(Stop::Diagnostics(refused)) => {
                let refused = refused.iter().map(|refused| warn_refused(&path, refused));
                return Ok(refused.collect());
            }
        };
        let differences = self.wanted.differences(&found, "the migrations", &path);
        if !differences.is_empty() {
            return Ok(vec![warn_differences(&path, &differences)]);
        }
        if let Some(marker) = self.marker {
            // Without a marker it is checked again: that costs time, not correctness.
            let _ = write_marker(&marker);
        }
        Ok(Vec::new())
    }
}

async fn load_text(path: &str, text: String, server: Option<&str>) -> Result<CatalogRows, Stop> {
    let path = path.to_owned();
    let file = Arc::new(SourceFile::new(path, text));
    let mut copy = ThrowawayDatabase::empty(server).await?;
    let rows = match copy.load_and_read(&file).await {
        Ok(_) => read_rows(&mut copy).await.map_err(Stop::Failure),
        Err(stop) => Err(stop),
    };
    copy.stop().await?;
    rows
}

async fn read_rows(database: &mut ThrowawayDatabase) -> Result<CatalogRows, Failure> {
    let rows = CatalogRows::read(&mut database.session.connection, ColumnOrder::Ignored).await;
    rows.map_err(Failure::connection("reading the catalog"))
}

fn warn_refused(path: &str, refused: &Diagnostic) -> Diagnostic {
    let message = format!("schema.sql does not load: {}", refused.message);
    explain_difference(Diagnostic::in_file(
        "schema-file-differs",
        path,
        None,
        message,
    ))
}

fn warn_differences(path: &str, differences: &[String]) -> Diagnostic {
    let message = format!(
        "schema.sql does not build the schema of the migrations: {} differences",
        differences.len()
    );
    let mut diagnostic = Diagnostic::in_file("schema-file-differs", path, None, message);
    for difference in differences.iter().take(NAMED) {
        diagnostic = diagnostic.note(difference);
    }
    explain_difference(diagnostic)
}

fn explain_difference(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.warning().help(
        "the code is right, because it is checked against the migrations; `xact migrate diff` and readers of schema.sql \
         are told less: report it with the migration that creates the object",
    )
}

/// The file that exists if this text was found to build what these migrations build.
fn marker_of(project: &Project, text: &str) -> Option<PathBuf> {
    let (version, migrations) = (env!("CARGO_PKG_VERSION"), project.migrations_fingerprint());
    let hash = content_hash(format!("{version} {migrations} {text}").as_bytes());
    Some(cache_folder()?.join("schemas").join(format!("{hash:016x}")))
}

fn write_marker(marker: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(marker.parent().unwrap_or(marker))?;
    // That it exists is all it says, so it has nothing that could be damaged.
    write_whole(marker, |_| Ok(()))?;
    kept_files::remove_unused(marker);
    Ok(())
}
