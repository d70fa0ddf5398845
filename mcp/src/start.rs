//! The start of a server: everything is checked before a client can call anything.

use crate::develop::DevelopTools;
use crate::handler::{Face, McpServer, ScopeTools};
use crate::limits::Limits;
use crate::queries::{
    Access, KnownQuery, QueryRunner, SQL_TOOL, SqlTool, know_queries, writes_table,
};
use crate::scope::AgentScope;
use std::collections::BTreeMap;
use std::path::Path;
use xact::Pool;
use xact::generated::Migration;
use xact_codegen::query::{Finished, ScopeVerdict};
use xact_codegen::report::diagnostic::{Severity, nearest};
use xact_codegen::rust::list_migrations;
use xact_codegen::workspace::{CheckedProject, Workspace};
use xact_codegen::{Failure, Stop};

/// The options of a server with the queries of a scope.
///
/// ```
/// let options = xact_mcp::QueryOptions::new("customer")
///     .with_setting("user_id", "usr_1")
///     .allow_write("bookmarks_create");
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct QueryOptions {
    scope: String,
    settings: BTreeMap<String, String>,
    allow_writes: Vec<String>,
    allow_sql: bool,
    limits: Limits,
}

impl QueryOptions {
    /// In the scope of this name in `xact.toml`, without a setting, read-only.
    pub fn new(scope: &str) -> Self {
        Self {
            scope: scope.to_owned(),
            settings: BTreeMap::new(),
            allow_writes: Vec::new(),
            allow_sql: false,
            limits: Limits::default(),
        }
    }

    /// With the value of a setting, by its name (`app.user_id`) or that of its parameter (`user_id`). Every setting of the scope
    /// needs one.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With a query that may write. Queries that write and are not named are no tools.
    #[must_use]
    pub fn allow_write(mut self, query: &str) -> Self {
        self.allow_writes.push(query.to_owned());
        self
    }

    /// With a tool that takes SQL; see the guide for its limits.
    #[must_use]
    pub fn allow_sql(mut self, allowed: bool) -> Self {
        self.allow_sql = allowed;
        self
    }

    /// With these limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The project is wrong, or the machine.
    #[error("the project cannot be checked")]
    Stop(Stop),
    /// An option does not fit the project.
    #[error("{0}")]
    Option(String),
    /// The database cannot be used, or its migrations are not those of the project.
    #[error("{0}")]
    Database(#[from] xact::Error),
}

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::Stop(Stop::Failure(failure))
    }
}

/// Opens the tools of a project for agents that change it. Nothing is started before the first call.
///
/// With `allow_sql` there is a tool that describes SQL which is in no file.
///
/// ```no_run
/// # async fn example() -> Result<(), xact_mcp::ServeError> {
/// xact_mcp::open_develop(".".as_ref(), None, false).serve_stdio().await?;
/// # Ok(()) }
/// ```
pub fn open_develop(project: &Path, server: Option<&str>, allow_sql: bool) -> McpServer {
    let workspace = Workspace::open(project, server);
    McpServer::new(Face::Develop(Box::new(DevelopTools::new(
        workspace, allow_sql,
    ))))
}

/// Opens the queries of a scope, on the database of `pool`. The project is checked on a throwaway database at `server` or a private
/// one, which is stopped again unless SQL is allowed.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let pool = xact::Pool::connect("postgres://app@localhost/app").await?;
/// let options = xact_mcp::QueryOptions::new("admin");
/// let server = xact_mcp::open_queries(".".as_ref(), None, &pool, options).await?;
/// server.serve_stdio().await?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// The project has an error; an option names a scope, a setting or a query that there is not; the database lacks a migration of the
/// project, or its login may not take the role of the scope.
///
/// # Cancellation
/// Dropping the future stops and removes the throwaway database.
pub async fn open_queries(
    project: &Path,
    server: Option<&str>,
    pool: &Pool,
    options: QueryOptions,
) -> Result<McpServer, StartError> {
    let mut workspace = Workspace::open(project, server);
    let checked = workspace.check().await.map_err(StartError::Stop)?;
    // A query with an error would only be missing among the tools, without a word.
    refuse_errors(&checked)?;
    let scope = read_scope(&checked, &options)?;
    // The queries were checked against the migrations, which says nothing of another schema.
    verify_migrations(&checked, pool).await?;
    let queries = select_queries(&checked, &scope, &options)?;
    // Invariant of generated code: each connection has room for all statements, so that none is prepared for each call.
    let statements = queries.iter().map(KnownQuery::count_statements).sum();
    let pool = pool.clone().prepare_up_to(statements);
    let runner = QueryRunner::new(&pool, scope.clone(), options.limits);
    // Now, while a person reads the error.
    runner.try_scope().await?;
    let sql = if options.allow_sql {
        Some(SqlTool::new(workspace, scope, &options.scope))
    } else {
        // Its Postgres is needed for SQL that comes later only.
        workspace.stop().await?;
        None
    };
    Ok(McpServer::new(Face::Scope(Box::new(ScopeTools {
        name: options.scope,
        runner,
        queries,
        sql,
    }))))
}

/// A project with an error has no generated code, and so no program that its tools could be compared with.
fn refuse_errors(checked: &CheckedProject) -> Result<(), StartError> {
    let errors = checked.diagnostics.iter();
    let errors: Vec<_> = errors
        .filter(|found| found.severity == Severity::Error)
        .cloned()
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(StartError::Stop(Stop::Diagnostics(errors)))
    }
}

fn read_scope(checked: &CheckedProject, options: &QueryOptions) -> Result<AgentScope, StartError> {
    let scopes = &checked.project.config.scopes;
    let Some(scope) = scopes.get(&options.scope) else {
        let names: Vec<&str> = scopes.keys().map(String::as_str).collect();
        let names = names.join(", ");
        let problem = format!(
            "there is no scope `{}`; the scopes are: {names}",
            options.scope
        );
        return Err(StartError::Option(problem));
    };
    let read = AgentScope::new(&options.scope, scope, options.settings.clone());
    read.map_err(StartError::Option)
}

async fn verify_migrations(checked: &CheckedProject, pool: &Pool) -> Result<(), StartError> {
    let migrations = list_migrations(&checked.project).into_iter();
    let migrations: Vec<Migration> = migrations
        // Leaked once for each start of the server: a migration has a name of the program.
        .map(|(name, checksum)| Migration(Box::leak(name.into_boxed_str()), checksum))
        .collect();
    Ok(pool.verify_schema(&migrations).await?)
}

/// The queries that become tools: those that the scope may run and that write to no table, and those that are named.
fn select_queries(
    checked: &CheckedProject,
    scope: &AgentScope,
    options: &QueryOptions,
) -> Result<Vec<KnownQuery>, StartError> {
    for name in &options.allow_writes {
        refuse_unknown_write(checked, &options.scope, name)?;
    }
    // A client could not tell the two tools apart.
    if options.allow_sql && checked.find_query(SQL_TOOL).is_some() {
        let problem =
            format!("a query is called `{SQL_TOOL}`, as the tool of --allow-sql is: rename it");
        return Err(StartError::Option(problem));
    }
    let may_run = |query: &Finished| find_refusal(query, &options.scope).is_none();
    Ok(know_queries(checked, scope, |query| {
        let is_named = options.allow_writes.contains(&query.query.name);
        match (may_run(query), is_named, writes_table(query)) {
            (true, true, _) => Some(Access::MayWrite),
            // What writes is offered only if it was named.
            (true, false, false) => Some(Access::Reads),
            _ => None,
        }
    }))
}

fn find_refusal<'q>(query: &'q Finished, scope: &str) -> Option<&'q ScopeVerdict> {
    let mut verdicts = query.scopes.iter();
    verdicts.find(|verdict| verdict.scope == scope && !verdict.allowed)
}

fn refuse_unknown_write(
    checked: &CheckedProject,
    scope: &str,
    name: &str,
) -> Result<(), StartError> {
    let Some(query) = checked.find_query(name) else {
        let names = checked
            .queries
            .iter()
            .map(|query| query.query.name.as_str());
        let near = nearest(name, names).map(|near| format!("; perhaps you meant `{near}`"));
        let near = near.unwrap_or_default();
        let problem = format!("--allow-writes: there is no query `{name}`{near}");
        return Err(StartError::Option(problem));
    };
    match find_refusal(query, scope) {
        None => Ok(()),
        Some(verdict) => {
            let reason = verdict.refusal().unwrap_or_default();
            let problem = format!("--allow-writes: scope `{scope}` may not run `{name}`: {reason}");
            Err(StartError::Option(problem))
        }
    }
}
