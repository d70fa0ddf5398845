//! The stages in order: files → schema → queries → Rust. Each stage gives its result and its diagnostics.

mod ask;
mod kept;
mod parsed;
mod results;
mod schema_only;

pub(crate) use ask::ask;
pub(crate) use kept::KeptQueries;
pub(crate) use parsed::{Parsed, ParsedFiles};
pub use results::Generated;
pub(crate) use results::Understood;
pub use schema_only::read_schema;

use crate::database::{self, Database};
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::Catalog;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Findings, Stop};
use crate::rust::{self, Templates};
use crate::schema;
use std::path::Path;

/// Generates the files of the project at `root`, on a throwaway Postgres: the one at `server`,
/// or a private one.
///
/// # Errors
/// [`Stop::Diagnostics`] has everything that is wrong with the project; [`Stop::Failure`] what is
/// wrong with the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server; nothing has been written.
pub async fn generate(root: &Path, server: Option<&str>) -> Result<Generated, Stop> {
    render(
        Box::pin(understand(root, server)).await?,
        &mut Templates::load()?,
    )
}

/// Everything that the database says of the project at `root`: all stages but the last.
pub(crate) async fn understand(root: &Path, server: Option<&str>) -> Result<Understood, Stop> {
    let mut parsed = Parsed::read(root)?;
    let mut database = migrate(&parsed.project, server, &mut parsed.findings).await?;
    let asked = read_and_ask(&mut database, parsed, server).await;
    // Before an error is returned, which would leave the server running.
    database.stop().await?;
    Ok(asked?)
}

/// The same, with the database left running for more questions.
pub(crate) async fn understand_and_keep(
    root: &Path,
    server: Option<&str>,
) -> Result<(Database, Understood), Stop> {
    let mut parsed = Parsed::read(root)?;
    let mut database = migrate(&parsed.project, server, &mut parsed.findings).await?;
    match read_and_ask(&mut database, parsed, server).await {
        Ok(understood) => Ok((database, understood)),
        Err(failure) => {
            database.stop().await?;
            Err(failure.into())
        }
    }
}

async fn read_and_ask(
    database: &mut Database,
    mut parsed: Parsed,
    server: Option<&str>,
) -> Result<Understood, Failure> {
    let catalog = Catalog::read(database).await?;
    let found = check_schema_file(database, &catalog, &parsed.project, server).await?;
    parsed.findings.extend(found);
    ask(database, catalog, parsed, &mut KeptQueries::default()).await
}

/// Whether schema.sql builds the schema that it is written from.
pub(crate) async fn check_schema_file(
    database: &mut Database,
    catalog: &Catalog,
    project: &Project,
    server: Option<&str>,
) -> Result<Vec<Diagnostic>, Failure> {
    if !catalog.unsupported.is_empty() {
        // Nothing is written.
        return Ok(Vec::new());
    }
    database::check_schema_file(database, &catalog.schema, project, server).await
}

/// Boots a database and migrates it. If a migration is refused, that is reported with the findings before.
pub(crate) async fn migrate(
    project: &Project,
    server: Option<&str>,
    findings: &mut Findings,
) -> Result<Database, Stop> {
    let database = Database::migrated(project, server).await;
    let mut database = database.map_err(|stop| std::mem::take(findings).stop(stop))?;
    findings.extend(std::mem::take(&mut database.warnings));
    Ok(database)
}

/// The diagnostics of all stages, those of `stale` migrations among them, and none of the files.
pub(crate) fn check(
    mut understood: Understood,
    templates: &mut Templates,
    stale: Option<&[Diagnostic]>,
) -> Result<(Understood, Vec<Diagnostic>), Failure> {
    let Understood {
        project,
        schema,
        types,
        queries,
        ..
    } = &understood;
    let (_, found) = rust::render(project, schema, types, queries, templates)?;
    let mut findings = std::mem::take(&mut understood.findings);
    findings.extend(found);
    findings.extend(stale.into_iter().flatten().cloned());
    Ok((understood, findings.into_sorted()))
}

/// The last stages: the module and schema.sql.
pub(crate) fn render(understood: Understood, templates: &mut Templates) -> Result<Generated, Stop> {
    let Understood {
        project,
        schema,
        types,
        queries,
        mut findings,
        ..
    } = understood;
    let module = rust::render(&project, &schema, &types, &queries, templates)?;
    let mut files = findings.keep(module);
    let warnings = findings.into_warnings()?;
    files.push(OutputFile {
        path: project.paths().schema.clone(),
        text: schema::dump(&schema),
    });
    // Reports list the files in this order, on every machine.
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Generated {
        files,
        warnings,
        queries: queries.len(),
        fingerprint: project.fingerprint(),
    })
}
