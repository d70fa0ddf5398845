//! The server that a throwaway database is on, of whichever kind.

use super::Choice;
#[cfg(feature = "embedded")]
use super::embedded::EmbeddedServer;
use crate::report::Failure;
use crate::report::source::SourceFile;
use sqlx::PgConnection;
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
    pub(super) async fn start(choice: &Choice) -> Result<Self, Failure> {
        match choice {
            Choice::Postgres(choice) => Ok(Self::Server(Server::start_chosen(choice).await?)),
            #[cfg(feature = "embedded")]
            Choice::Embedded(_) => {
                let embedded = EmbeddedServer::start(Vec::new()).await?;
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

    /// Empties the database: `initdb` and the server leave objects in it.
    pub(super) async fn empty(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        match self {
            Self::Server(_) => {
                let _ = connection;
                Ok(())
            }
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => embedded.empty(connection).await,
        }
    }

    /// A server that has the extensions of these files, if this one lacks them.
    pub(super) async fn with_extensions_of(
        &self,
        files: &[&Arc<SourceFile>],
    ) -> Result<Option<Self>, Failure> {
        match self {
            Self::Server(_) => {
                let _ = files;
                Ok(None)
            }
            #[cfg(feature = "embedded")]
            Self::Embedded(embedded) => Ok(embedded
                .with_extensions_of(files)
                .await?
                .map(|other| Self::Embedded(Box::new(other)))),
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
