//! Which database a command means: the one named, that of the environment, that of `.env`, the local one of the branch.

use clap::Args;
use std::path::Path;
use xact_codegen::Failure;
use xact_codegen::local::LocalServer;

/// The variable, of the environment and of `.env`.
const VARIABLE: &str = "DATABASE_URL";

/// The database of a command.
#[derive(Clone, Debug, Args)]
pub(super) struct DatabaseArgument {
    /// The database; without it that of `.env`, or the local one of this branch (`xact dev up`).
    #[arg(
        long = "database",
        value_name = "URL",
        global = true,
        env = VARIABLE,
        hide_env_values = true
    )]
    database: Option<String>,
}

impl DatabaseArgument {
    /// The URL.
    ///
    /// # Errors
    /// If nobody says which, or `.env` cannot be read.
    pub(super) fn url(&self, project: &Path) -> Result<String, Failure> {
        // A variable that is set to nothing is not set.
        let named = self.database.clone().filter(|url| !url.is_empty());
        if let Some(url) = named {
            return Ok(url);
        }
        if let Some(url) = from_file(project)? {
            return Ok(url);
        }
        // Where there cannot be a local server, there is none.
        let local = LocalServer::of(project, None).ok();
        match local.filter(LocalServer::is_running) {
            Some(local) => local.url(),
            None => Err(Failure::NoDatabase),
        }
    }
}

/// The variables of `.env` in the project. The file is optional.
fn from_file(project: &Path) -> Result<Option<String>, Failure> {
    let path = project.join(".env");
    if !path.exists() {
        return Ok(None);
    }
    let unreadable = |error: dotenvy::Error| {
        Failure::io("read", path.clone())(std::io::Error::other(error.to_string()))
    };
    for variable in dotenvy::from_path_iter(&path).map_err(unreadable)? {
        let (name, value) = variable.map_err(unreadable)?;
        if name == VARIABLE && !value.is_empty() {
            return Ok(Some(value));
        }
    }
    Ok(None)
}
