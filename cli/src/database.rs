//! Which database a command means: the one named, that of the environment, that of `.env`, the local one of the branch.

use crate::report::say;
use clap::Args;
use std::path::Path;
use xact_codegen::Failure;
use xact_codegen::local::LocalServer;
use xact_codegen::migrate::apply::Session;

/// The variable, of the environment and of `.env`.
const VARIABLE: &str = "DATABASE_URL";

/// The variable for the same database past a pooler.
const DIRECT: &str = "DATABASE_DIRECT_URL";

/// The database of a command.
#[derive(Clone, Debug, Args)]
pub(super) struct DatabaseArgument {
    /// The database; without it that of `DATABASE_URL`, also in `.env`, or the local one of this branch
    /// (`xact dev up`).
    #[arg(long = "database", value_name = "URL", global = true)]
    database: Option<String>,

    /// The same database past a pooler, for migrations; without it that of `DATABASE_DIRECT_URL`, also in
    /// `.env`, and then that of `--database`.
    #[arg(long, value_name = "URL", global = true)]
    direct: Option<String>,
}

impl DatabaseArgument {
    /// The URL.
    ///
    /// # Errors
    /// If none is named, or `.env` cannot be read.
    pub(super) fn url(&self, project: &Path) -> Result<String, Failure> {
        if let Some(url) = self.database.clone().or_else(|| from_environment(VARIABLE)) {
            return Ok(url);
        }
        if let Some(url) = from_file(project, VARIABLE)? {
            return Ok(url);
        }
        match local_server(project).filter(LocalServer::is_running) {
            Some(local) => local.url(),
            None => Err(Failure::NoDatabase),
        }
    }

    /// Connects for migrations: past a pooler if the user says how, and to the local server after
    /// starting it if it was stopped.
    ///
    /// # Errors
    /// As [`DatabaseArgument::url`], or if the server does not let this user in.
    pub(super) async fn connect(&self, project: &Path) -> Result<Session, Failure> {
        if let Some(url) = self.migration_url(project)? {
            return Session::connect(&url).await;
        }
        let Some(local) = local_server(project).filter(LocalServer::is_created) else {
            return Err(Failure::NoDatabase);
        };
        if !local.is_running() {
            local.start()?;
            say!("started: the local Postgres of this repository");
        }
        local.ready().await?;
        local.connect().await
    }

    /// Whether it is the local one of this branch, because none is named.
    pub(super) fn is_local(&self, project: &Path) -> bool {
        matches!(self.migration_url(project), Ok(None))
    }

    /// The URL that is named for migrations. Options come before variables, so that a variable for one
    /// database is never used when an option names another.
    fn migration_url(&self, project: &Path) -> Result<Option<String>, Failure> {
        let option = self.direct.clone().or_else(|| self.database.clone());
        let variable = || from_environment(DIRECT).or_else(|| from_environment(VARIABLE));
        match option.or_else(variable) {
            Some(url) => Ok(Some(url)),
            None => match from_file(project, DIRECT)? {
                Some(url) => Ok(Some(url)),
                None => from_file(project, VARIABLE),
            },
        }
    }
}

/// A variable that is set to nothing is not set.
fn from_environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|url| !url.is_empty())
}

/// If a machine cannot have a local server, it has none.
fn local_server(project: &Path) -> Option<LocalServer> {
    LocalServer::of(project, None).ok()
}

/// The variable in `.env` of the project. The file is read, never required.
fn from_file(project: &Path, wanted: &str) -> Result<Option<String>, Failure> {
    let path = project.join(".env");
    if !path.exists() {
        return Ok(None);
    }
    let unreadable = |error: dotenvy::Error| {
        Failure::io("read", path.clone())(std::io::Error::other(error.to_string()))
    };
    for variable in dotenvy::from_path_iter(&path).map_err(unreadable)? {
        let (name, value) = variable.map_err(unreadable)?;
        if name == wanted && !value.is_empty() {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
