//! The stages in order: files → schema → queries → Rust.

use crate::database::Database;
use crate::explanation::{self, Explanations};
use crate::output::OutputFile;
use crate::project::Project;
use crate::query::analysis::{self, Typed};
use crate::query::{self, Composed, Query, TypeCatalog};
use crate::report::activity::doing;
use crate::report::diagnostic::{self, Diagnostic, Severity};
use crate::report::{Failure, Stop};
use crate::rust::{self, Templates};
use crate::schema::{self, Annotations, Keys, Schema};
use std::path::Path;

/// What a run made; nothing is written yet.
#[derive(Debug)]
pub struct Generated {
    /// The files, sorted by path.
    pub files: Vec<OutputFile>,
    /// Warnings, sorted.
    pub warnings: Vec<Diagnostic>,
    /// How many queries there are.
    pub queries: usize,
    /// The [fingerprint](Project::fingerprint) of the project that they were made of.
    pub fingerprint: u64,
}

/// What the database said of a project: everything that code, and answers about queries, are made of.
#[derive(Debug)]
pub struct Understood {
    /// The files.
    pub project: Project,
    /// The schema that the migrations build.
    pub schema: Schema,
    /// The types of the database.
    pub types: TypeCatalog,
    /// The names of all queries that were parsed, in order.
    pub names: Vec<String>,
    /// The queries that nothing is wrong with so far.
    pub queries: Vec<Typed>,
    /// SQL that they run and that is composed at run time.
    pub(crate) composed: Composed,
    /// Everything wrong with the rest, unsorted.
    pub diagnostics: Vec<Diagnostic>,
}

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
    render(understand(root, server).await?, &mut Templates::load()?)
}

/// The last stages: everything that is known, as files.
pub(crate) fn render(understood: Understood, templates: &mut Templates) -> Result<Generated, Stop> {
    let (project, schema, types) = (&understood.project, &understood.schema, &understood.types);
    let (mut files, found) = rust::render(project, schema, types, &understood.queries, templates)?;
    let mut diagnostics = understood.diagnostics;
    diagnostics.extend(found);
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(stopped(diagnostics));
    }
    files.push(OutputFile {
        path: schema::FILE.to_owned(),
        text: schema::dump(schema),
    });
    files.sort_by(|a, b| a.path.cmp(&b.path));
    diagnostic::sort(&mut diagnostics);
    Ok(Generated {
        files,
        warnings: diagnostics,
        queries: understood.queries.len(),
        fingerprint: understood.project.fingerprint(),
    })
}

/// Explains every query of the project at `root`; what is wrong with some of them does not keep
/// the rest from being explained. Nothing is written.
///
/// # Errors
/// [`Stop::Diagnostics`] if the migrations are refused, so that nothing is known of any query;
/// [`Stop::Failure`] if something is wrong with the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server.
pub async fn explain(root: &Path, server: Option<&str>) -> Result<Explanations, Stop> {
    Ok(explanation::explain(understand(root, server).await?))
}

/// The project at `root` and the schema that its migrations build, without its queries.
///
/// # Errors
/// [`Stop::Diagnostics`] if a file, a migration or an annotation is wrong; [`Stop::Failure`] if
/// something is wrong with the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server.
pub async fn read_schema(root: &Path, server: Option<&str>) -> Result<(Project, Schema), Stop> {
    let (project, mut diagnostics) = Project::read(root)?;
    let mut database = migrated(&project, server, &mut diagnostics).await?;
    let at = doing("reading the schema");
    let connection = &mut database.session.connection;
    let read = schema::read_or_explain(connection, &database.created_roles).await;
    drop(at);
    database.stop().await?;
    let (schema, unsupported) = read?;
    diagnostics.extend(schema::problems(unsupported, &schema, &project));
    if diagnostics.is_empty() {
        Ok((project, schema))
    } else {
        Err(stopped(diagnostics))
    }
}

/// The database that the migrations build. If they are refused, that is reported with what was found before.
pub(crate) async fn migrated(
    project: &Project,
    server: Option<&str>,
    before: &mut Vec<Diagnostic>,
) -> Result<Database, Stop> {
    let database = Database::migrated(project, server).await;
    database.map_err(|stop| match stop {
        Stop::Diagnostics(found) => {
            before.extend(found);
            stopped(std::mem::take(before))
        }
        failure @ Stop::Failure(_) => failure,
    })
}

/// The stages up to the queries of which everything is known.
async fn understand(root: &Path, server: Option<&str>) -> Result<Understood, Stop> {
    let mut parsed = Parsed::read(root)?;
    let mut database = migrated(&parsed.project, server, &mut parsed.diagnostics).await?;
    let asked = read_and_ask(&mut database, parsed).await;
    database.stop().await?;
    Ok(asked?)
}

/// What the files say, before a database is asked.
pub(crate) struct Parsed {
    pub(crate) project: Project,
    queries: Vec<Query>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// The stages before the database: read, parse.
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let (project, mut diagnostics) = Project::read(root)?;
        let mut queries = Vec::new();
        for file in &project.queries {
            let (parsed, found) = query::parse(file);
            queries.extend(parsed);
            diagnostics.extend(found);
        }
        diagnostics.extend(query::names_collide(&queries));
        Ok(Self {
            project,
            queries,
            diagnostics,
        })
    }
}

/// What the migrations made, which no query changes.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    schema: Schema,
    types: TypeCatalog,
    /// What of it cannot be represented.
    unsupported: Vec<Diagnostic>,
}

impl Catalog {
    pub(crate) async fn read(database: &mut Database) -> Result<Self, Failure> {
        let _at = doing("reading the schema");
        let connection = &mut database.session.connection;
        let (schema, unsupported) =
            schema::read_or_explain(connection, &database.created_roles).await?;
        Ok(Self {
            schema,
            types: TypeCatalog::read(connection).await?,
            unsupported,
        })
    }
}

/// The stages that need the database.
async fn read_and_ask(database: &mut Database, parsed: Parsed) -> Result<Understood, Failure> {
    let catalog = Catalog::read(database).await?;
    ask(database, catalog, parsed).await
}

/// The stages that ask the database about the queries: describe, analyse, scopes, slices.
pub(crate) async fn ask(
    database: &mut Database,
    catalog: Catalog,
    parsed: Parsed,
) -> Result<Understood, Failure> {
    let Parsed {
        mut project,
        queries,
        mut diagnostics,
    } = parsed;
    let Catalog {
        schema,
        types,
        unsupported,
    } = catalog;
    diagnostics.extend(schema::problems(unsupported, &schema, &project));
    let connection = &mut database.session.connection;
    let names = queries.iter().map(|query| query.name.clone()).collect();
    let found = rust::check_annotations(&project, &types);
    if !found.is_empty() {
        // What is no Rust cannot be generated; the queries are checked without it.
        project.annotations = Annotations::default();
    }
    diagnostics.extend(found);
    let at = doing(format!("preparing {} queries", queries.len()));
    let (described, found) = query::describe(connection, queries, &schema).await?;
    diagnostics.extend(found);
    let at = at.then(format!("analysing {} queries", described.len()));
    let (described, found) = query::expand_stars(connection, described, &types).await?;
    diagnostics.extend(found);
    let (analysed, found) =
        analysis::analyse(connection, described, &types, &Keys::of(&schema)).await?;
    diagnostics.extend(found);
    let (composed, found) = query::check_session(connection, &project, &schema, &analysed).await?;
    diagnostics.extend(found);
    let _at = at.then(format!("trying {} queries in every scope", analysed.len()));
    let (proved, found) = query::prove_scopes(connection, &project, analysed, &types).await?;
    diagnostics.extend(found);
    let (mut queries, found) = query::take_slices(connection, proved, &types, &schema).await?;
    diagnostics.extend(found);
    query::cast_arrays(
        connection,
        &mut queries,
        &types,
        &project.annotations,
        &schema,
    )
    .await?;
    Ok(Understood {
        project,
        schema,
        types,
        names,
        queries,
        composed,
        diagnostics,
    })
}

pub(crate) fn stopped(mut diagnostics: Vec<Diagnostic>) -> Stop {
    diagnostic::sort(&mut diagnostics);
    Stop::Diagnostics(diagnostics)
}
