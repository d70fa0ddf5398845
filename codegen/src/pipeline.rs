//! The stages in order: files → schema → queries → Rust. Each stage gives its result and its diagnostics.

mod ask;
mod environment;
mod kept;
mod known;
mod parsed;
mod records;
mod renderer;
mod results;
mod schema_only;

pub(crate) use ask::ask_database;
pub(crate) use kept::{KeptQueries, RecordUse};
pub(crate) use parsed::{Parsed, ParsedFiles, read_project};
pub(crate) use renderer::Renderer;
pub use results::Generated;
pub(crate) use results::Understood;
pub use schema_only::read_schema;

use crate::database::{Sharing, ThrowawayDatabase, UncheckedSchemaFile};
use crate::project::Project;
use crate::query::TypedSchema;
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::report::{Failure, Findings, Stop};
use known::{KnownDatabase, StartedDatabase, StartedRenderer, keep_database};
use std::path::Path;

/// Generates the files of the project at `root`, on a throwaway Postgres: the one at `server`,
/// or a private one. Postgres is asked about every query.
///
/// # Errors
/// [`Stop::Diagnostics`] has all errors of the project; [`Stop::Failure`] is one of the machine.
///
/// # Cancellation
/// Dropping the future stops and removes the server; nothing has been written.
pub async fn generate(root: &Path, server: Option<&str>) -> Result<Generated, Stop> {
    generate_with(root, server, RecordUse::Ignore).await
}

/// The same, with or without the results and the database that other processes kept.
pub(crate) async fn generate_with(
    root: &Path,
    server: Option<&str>,
    record_use: RecordUse,
) -> Result<Generated, Stop> {
    let Answered {
        mut database,
        understood,
        renderer,
    } = Box::pin(answer_project(root, server, record_use)).await?;
    // It ends while the files are made.
    database.begin_stop();
    let generated = match understood {
        Ok(understood) => match renderer.join(root, record_use).await {
            Ok(mut renderer) => {
                let generated = renderer.render(understood);
                if generated.is_ok() {
                    renderer.keep_texts();
                }
                generated
            }
            Err(stop) => Err(stop),
        },
        Err(failure) => Err(failure.into()),
    };
    // Before an error is returned, which would leave the server running.
    database.stop().await?;
    generated
}

/// Everything that the database says of the project at `root`: all stages but the last.
pub(crate) async fn understand_project(
    root: &Path,
    server: Option<&str>,
) -> Result<Understood, Stop> {
    let answered = Box::pin(answer_project(root, server, RecordUse::Read)).await?;
    answered.database.stop().await?;
    Ok(answered.understood?)
}

/// All questions of a project are answered. The database has to be stopped whatever the answers are.
struct Answered {
    database: ThrowawayDatabase,
    understood: Result<Understood, Failure>,
    renderer: StartedRenderer,
}

/// On the database that another process has open, or that another run kept, or that is migrated here.
async fn answer_project(
    root: &Path,
    server: Option<&str>,
    record_use: RecordUse,
) -> Result<Answered, Stop> {
    let mut parsed = Parsed::read(root)?;
    let mut kept = KeptQueries::new(record_use);
    let mut joined = None;
    if record_use == RecordUse::Read {
        joined = ThrowawayDatabase::join(&parsed.project, server).await;
        if joined.is_none()
            && let Some(known) = KnownDatabase::find(&parsed.project, server)
            && let Some(known) = known.start(&parsed, &mut kept).await
        {
            return Ok(answer_known(known, parsed, kept, server).await);
        }
    }
    let (project, findings) = (&parsed.project, &mut parsed.findings);
    let mut database = match joined {
        Some(database) => take_warnings(database, findings),
        None => build_database(project, server, Sharing::Join, findings).await?,
    };
    let understood = read_and_ask(&mut database, parsed, server, &mut kept).await;
    Ok(Answered {
        database,
        understood,
        renderer: StartedRenderer::new(),
    })
}

async fn answer_known(
    known: StartedDatabase,
    mut parsed: Parsed,
    mut kept: KeptQueries,
    server: Option<&str>,
) -> Answered {
    let StartedDatabase {
        database,
        catalog,
        renderer,
    } = known;
    let mut database = take_warnings(database, &mut parsed.findings);
    let understood = ask_all(&mut database, catalog, parsed, server, &mut kept).await;
    Answered {
        database,
        understood,
        renderer,
    }
}

/// The same, with the database left running for more questions.
pub(crate) async fn understand_and_keep_database(
    root: &Path,
    server: Option<&str>,
) -> Result<(ThrowawayDatabase, Understood), Stop> {
    let mut parsed = Parsed::read(root)?;
    let (project, findings) = (&parsed.project, &mut parsed.findings);
    let mut database = build_database(project, server, Sharing::Private, findings).await?;
    let mut kept = KeptQueries::new(RecordUse::Read);
    match read_and_ask(&mut database, parsed, server, &mut kept).await {
        Ok(understood) => Ok((database, understood)),
        Err(failure) => {
            database.stop().await?;
            Err(failure.into())
        }
    }
}

async fn read_and_ask(
    database: &mut ThrowawayDatabase,
    parsed: Parsed,
    server: Option<&str>,
    kept: &mut KeptQueries,
) -> Result<Understood, Failure> {
    let catalog = TypedSchema::read(database).await?;
    // Before anything is tried, which would leave dead rows in the catalog.
    keep_database(database, &catalog).await;
    ask_all(database, catalog, parsed, server, kept).await
}

async fn ask_all(
    database: &mut ThrowawayDatabase,
    catalog: TypedSchema,
    parsed: Parsed,
    server: Option<&str>,
    kept: &mut KeptQueries,
) -> Result<Understood, Failure> {
    let unchecked = read_schema_file(database, &catalog, &parsed.project).await?;
    // Each waits for its own server process most of the time. Both go on to their end, for both have a database to remove.
    let (found, understood) = tokio::join!(
        Box::pin(check_if_unchecked(unchecked, server)),
        Box::pin(ask_database(database, catalog, parsed, kept)),
    );
    let mut understood = understood?;
    understood.findings.extend(found?);
    Ok(understood)
}

/// Whether schema.sql builds the schema that it is written from.
pub(crate) async fn check_schema_file(
    database: &mut ThrowawayDatabase,
    catalog: &TypedSchema,
    project: &Project,
    server: Option<&str>,
) -> Result<Vec<Diagnostic>, Failure> {
    let _at = doing("loading schema.sql");
    let unchecked = read_schema_file(database, catalog, project).await?;
    check_if_unchecked(unchecked, server).await
}

async fn read_schema_file(
    database: &mut ThrowawayDatabase,
    catalog: &TypedSchema,
    project: &Project,
) -> Result<Option<UncheckedSchemaFile>, Failure> {
    if !catalog.unsupported.is_empty() {
        // Nothing is written.
        return Ok(None);
    }
    UncheckedSchemaFile::read(database, &catalog.schema, project).await
}

async fn check_if_unchecked(
    unchecked: Option<UncheckedSchemaFile>,
    server: Option<&str>,
) -> Result<Vec<Diagnostic>, Failure> {
    match unchecked {
        Some(unchecked) => unchecked.check(server).await,
        None => Ok(Vec::new()),
    }
}

/// Boots a database and migrates it. If a migration is refused, that is reported with the findings before.
pub(crate) async fn build_database(
    project: &Project,
    server: Option<&str>,
    sharing: Sharing,
    findings: &mut Findings,
) -> Result<ThrowawayDatabase, Stop> {
    let database = ThrowawayDatabase::open(project, server, sharing).await;
    let database = database.map_err(|stop| std::mem::take(findings).stop(stop))?;
    Ok(take_warnings(database, findings))
}

fn take_warnings(mut database: ThrowawayDatabase, findings: &mut Findings) -> ThrowawayDatabase {
    findings.extend(std::mem::take(&mut database.warnings));
    database
}
