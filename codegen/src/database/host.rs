//! The server that a throwaway database is on, of whichever kind.

use super::Choice;
#[cfg(feature = "embedded")]
use super::embedded::EmbeddedServer;
use crate::report::Failure;
use crate::report::source::SourceFile;
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use xact_server::Server;

/// A running server. Dropping it stops and removes it.
#[derive(Debug)]
pub(super) enum Host {
    Server(Server),
    #[cfg(feature = "embedded")]
    Embedded(Box<EmbeddedServer>),
}

impl Host {
    /// Only the embedded server is started with extensions: the others have those of their Postgres.
    pub(super) async fn start(choice: &Choice, extensions: Vec<String>) -> Result<Self, Failure> {
        match choice {
            Choice::Postgres(choice) => {
                drop(extensions);
                Ok(Self::Server(Server::start_chosen(choice).await?))
            }
            #[cfg(feature = "embedded")]
            Choice::Embedded(_) => {
                let embedded = EmbeddedServer::start(extensions).await?;
                Ok(Self::Embedded(Box::new(embedded)))
            }
            #[cfg(not(feature = "embedded"))]
            Choice::Embedded(_) => Err(Failure::NotEmbedded),
        }
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        match self {
            Self::Server(server) => server.options(),
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => embedded.options(),
        }
    }

    /// The statements that empty the database: `initdb` and the server leave objects in it.
    pub(super) fn list_removals(&self) -> Vec<String> {
        match self {
            Self::Server(_) => Vec::new(),
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => embedded.list_removals(),
        }
    }

    /// The extensions that an embedded server for these files has to be started with, if this one lacks some of them.
    pub(super) fn find_missing_extensions(
        &self,
        files: &[&Arc<SourceFile>],
    ) -> Option<Vec<String>> {
        match self {
            Self::Server(_) => {
                let _ = files;
                None
            }
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => embedded.find_missing_extensions(files),
        }
    }

    /// Whether the server is this process's own: then its user may do everything.
    pub(super) fn is_private(&self) -> bool {
        match self {
            Self::Server(server) => server.is_private(),
            #[cfg(feature = "embedded")]
            Self::Embedded(_) => true,
        }
    }

    /// Whether it is the embedded one.
    pub(super) fn has_one_connection(&self) -> bool {
        match self {
            Self::Server(_) => false,
            #[cfg(feature = "embedded")]
            Self::Embedded(_) => true,
        }
    }

    pub(super) async fn adopt_roles(&mut self, roles: &[String]) -> Result<(), sqlx::Error> {
        match self {
            Self::Server(server) => server.adopt_roles(roles).await,
            #[cfg(feature = "embedded")]
            Self::Embedded(_) => Ok(()),
        }
    }

    /// Lets a private server end, and does not wait for it.
    pub(super) fn begin_stop(&mut self) {
        match self {
            Self::Server(server) => server.begin_stop(),
            #[cfg(feature = "embedded")]
            Self::Embedded(_) => {}
        }
    }

    pub(super) async fn stop(self) -> Result<(), Failure> {
        match self {
            Self::Server(server) => Ok(server.stop().await?),
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => embedded.stop(),
        }
    }
}
