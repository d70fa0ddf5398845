//! The stages in order: files → schema → queries → Rust. Each stage gives its result and its diagnostics.

mod parsed;
mod results;
mod schema_only;

pub(crate) use parsed::Parsed;
pub use results::Generated;
pub(crate) use results::Understood;
pub use schema_only::read_schema;

use crate::database::{self, Database};
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::{self, Catalog, Described, analysis};
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Findings, Stop};
use crate::rust::{self, Templates};
use crate::schema::{self, Annotations, Keys, Schema};
use sqlx::PgConnection;
use std::path::Path;
use std::sync::Arc;

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
    ask(database, catalog, parsed).await
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

/// The stages that ask the database: describe, stars, analyse, session, scopes, bulk.
pub(crate) async fn ask(
    database: &mut Database,
    catalog: Catalog,
    parsed: Parsed,
) -> Result<Understood, Failure> {
    let Catalog {
        schema,
        types,
        unsupported,
    } = catalog;
    let Parsed {
        mut project,
        queries,
        mut findings,
    } = parsed;
    findings.extend(project.find_schema_problems(unsupported, &schema));
    let wrong_types = rust::check_annotations(&project, &types);
    if !wrong_types.is_empty() {
        // Code cannot be generated from them, but the queries are still checked.
        project.annotations = Annotations::default();
    }
    findings.extend(wrong_types);
    let written = queries.clone();
    let connection = &mut database.session.connection;

    let at = doing(format!("preparing {} queries", queries.len()));
    let described = findings.keep(query::describe(connection, queries, &schema).await?);

    let at = at.then(format!("analysing {} queries", described.len()));
    let described =
        findings.keep(query::write_row_lists(connection, described, &types, &schema).await?);
    let described = findings.keep(query::expand_stars(connection, described, &types).await?);
    let described = add_variants(connection, described, &schema, &mut findings).await?;
    let keys = Keys::of(&schema);
    let typed = findings.keep(analysis::analyse(connection, described, &types, &keys).await?);
    let composed =
        findings.keep(query::check_session(connection, &project, &schema, &typed).await?);

    let _at = at.then(format!("trying {} queries in every scope", typed.len()));
    let typed = findings.keep(query::prove_scopes(connection, &project, typed, &types).await?);
    let typed = findings.keep(query::fold_variants(typed, &types));
    let mut typed = findings.keep(query::take_slices(connection, typed, &types, &schema).await?);
    let annotations = &project.annotations;
    query::cast_arrays(connection, &mut typed, &types, annotations, &schema).await?;
    let typed = findings.keep(query::write_pages(connection, typed, &types, &schema).await?);
    Ok(Understood {
        project,
        schema,
        types,
        written,
        queries: typed.into_iter().map(Arc::new).collect(),
        composed,
        findings,
    })
}

/// The queries and the variants of those whose parts can be left out, which follow them.
async fn add_variants(
    connection: &mut PgConnection,
    described: Vec<Described>,
    schema: &Schema,
    findings: &mut Findings,
) -> Result<Vec<Described>, Failure> {
    let (mut described, variants, found) = query::add_variants(described);
    findings.extend(found);
    described.extend(findings.keep(query::describe(connection, variants, schema).await?));
    Ok(described)
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
        path: schema::FILE.to_owned(),
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
