//! The Postgres inside this program: a real one, compiled to WebAssembly.
//!
//! Given: the extensions that will be created. Gives: a server on a unix socket in a private folder,
//! with one empty database. It serves one connection at a time; a second one waits for the end of the
//! first, so whoever needs several is not given it.

mod extensions;
mod folder;

use crate::report::Failure;
use crate::report::source::SourceFile;
use folder::EmbeddedFolder;
use pglite_oxide::PgliteServer;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// How long a server that is still at work is waited for. It ends with this process in any case.
const PATIENCE: Duration = Duration::from_secs(3);

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub(super) struct EmbeddedServer {
    /// Nothing once it is being stopped.
    server: Option<PgliteServer>,
    extensions: Vec<String>,
    // Order matters: the server ends before its folder.
    folder: EmbeddedFolder,
}

impl EmbeddedServer {
    /// Starts it, with these extensions ready to be created.
    pub(super) async fn start(extensions: Vec<String>) -> Result<Self, Failure> {
        // It computes, and waits, without giving way to others.
        let started = tokio::task::spawn_blocking(move || start(extensions)).await;
        started.unwrap_or_else(|error| Err(start_failure(&error)))
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.folder.path())
            .port(folder::PORT)
            .username("postgres")
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
    }

    /// The extensions come created, and the database with a comment that `initdb` left.
    pub(super) fn list_removals(&self) -> Vec<String> {
        let comment = "COMMENT ON DATABASE postgres IS NULL".to_owned();
        let extensions = self.extensions.iter();
        let drops = extensions.map(|name| format!("DROP EXTENSION IF EXISTS \"{name}\" CASCADE"));
        std::iter::once(comment).chain(drops).collect()
    }

    pub(super) fn find_missing_extensions(
        &self,
        files: &[&Arc<SourceFile>],
    ) -> Option<Vec<String>> {
        let created = extensions::created_by(files);
        let lacks = created.iter().any(|name| !self.extensions.contains(name));
        lacks.then_some(created)
    }

    pub(super) fn stop(self) -> Result<(), Failure> {
        let path = self.folder.path().to_owned();
        drop(self);
        if path.exists() {
            let source = std::io::Error::other("it is still there");
            return Err(Failure::io("remove", path)(source));
        }
        Ok(())
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else {
            return;
        };
        // A statement that is at work cannot be interrupted, and an interrupted command does not wait for it.
        let (sender, ended) = mpsc::channel();
        std::thread::spawn(move || {
            drop(server);
            let _ = sender.send(());
        });
        let _ = ended.recv_timeout(PATIENCE);
    }
}

fn start(extensions: Vec<String>) -> Result<EmbeddedServer, Failure> {
    let folder = EmbeddedFolder::create()?;
    let server = PgliteServer::builder()
        .path(folder.path().join("data"))
        .unix(folder.socket())
        // The data is thrown away with the folder.
        .relaxed_durability(true)
        .postgres_config("jit", "off")
        .extensions(extensions::find_extensions(&extensions))
        .start()
        .map_err(|error| start_failure(&format!("{error:#}")))?;
    Ok(EmbeddedServer {
        server: Some(server),
        extensions,
        folder,
    })
}

fn start_failure(reason: &dyn std::fmt::Display) -> Failure {
    let reason = reason.to_string();
    Failure::Embedded { reason }
}
