//! Which Postgres a throwaway server is going to be, before anything is started.

use super::find::{self, Installation};
use super::{ServerError, external};
use std::fmt;

/// A Postgres that was chosen: binaries of this machine, or a server given by URL.
///
/// ```no_run
/// use xact_server::{Server, ServerChoice};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let choice = ServerChoice::of(None)?;
/// println!("using {choice}");
/// let server = Server::start_chosen(&choice).await?;
/// # drop(server);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ServerChoice {
    pub(super) origin: Origin,
}

#[derive(Debug)]
pub(super) enum Origin {
    Native(Installation),
    External(String),
}

impl ServerChoice {
    /// Chooses as [`Server::start`](super::Server::start) does. Connects to nothing.
    ///
    /// # Errors
    /// If no URL is given and no Postgres is found; the message lists the searched folders.
    pub fn of(url: Option<&str>) -> Result<Self, ServerError> {
        let origin = match url {
            Some(url) => Origin::External(url.to_owned()),
            None => Origin::Native(find::find_newest()?),
        };
        Ok(Self { origin })
    }

    /// A number that changes with the version, the folder or the URL. The URL cannot be read from it.
    pub fn identity(&self) -> u64 {
        let text = match &self.origin {
            Origin::Native(Installation { version, bin, .. }) => {
                format!("{version}\n{}", bin.display())
            }
            Origin::External(url) => url.clone(),
        };
        crate::hash::hash_bytes(text.as_bytes())
    }
}

impl fmt::Display for ServerChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Native(Installation { version, bin, .. }) => {
                write!(f, "{version} in `{}`", bin.display())
            }
            Origin::External(url) => write!(f, "the server at `{}`", external::address_of(url)),
        }
    }
}
