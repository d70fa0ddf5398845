//! Builds a throwaway database from migrations, in the way that `xact migrate run` would.

use super::{ThrowawayDatabase, read_whole};
use crate::catalog_query::ask_for_english;
use crate::migrate::apply;
use crate::migrate::apply::Migration;
use crate::report::activity::doing;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::SourceFile;
use crate::report::{Failure, Stop};
use crate::schema::Schema;
use std::collections::BTreeSet;
use std::sync::Arc;
use xact_server::roles;

impl ThrowawayDatabase {
    /// Applies migrations in the order given; roles that they create are dropped with the database.
    ///
    /// # Errors
    /// A diagnostic if a statement is refused; a failure if the user of a given server may do less
    /// than the migrations do.
    ///
    /// # Cancellation
    /// The migration at work is rolled back; those before it stay.
    pub async fn build(&mut self, migrations: &[&Migration]) -> Result<(), Stop> {
        let _at = doing(format!("applying {} migrations", migrations.len()));
        let files: Vec<_> = migrations.iter().map(|migration| &migration.up).collect();
        self.prepare(&files).await?;
        let failed = Failure::connection;
        let connection = &mut self.session.connection;
        // Roles belong to the whole server, so those of the migrations are found by comparing before and after.
        let before = roles(connection)
            .await
            .map_err(failed("reading the roles"))?;
        let built = apply::build_migrations(&mut self.session, migrations).await;
        self.adopt_roles(&before).await?;
        // After the roles are noted: a refused migration may have created some, in an earlier file.
        built.map_err(|stop| {
            self.blame_privileges(explain_uncaught(
                stop,
                self.host.has_one_connection(),
                &files,
            ))
        })?;
        // Each migration resets the session, which then speaks the language of the server.
        let connection = &mut self.session.connection;
        let doing = failed("asking for messages in English");
        Ok(ask_for_english(connection).await.map_err(doing)?)
    }

    /// Applies migrations, and reads the resulting schema.
    ///
    /// # Errors
    /// As [`ThrowawayDatabase::build`], and if the schema cannot be represented.
    ///
    /// # Cancellation
    /// As [`ThrowawayDatabase::build`].
    pub async fn build_and_read(&mut self, migrations: &[&Migration]) -> Result<Schema, Stop> {
        self.build(migrations).await?;
        read_whole(&mut self.session.connection, &self.created_roles).await
    }

    /// Runs a file that is no migration, statement by statement, and reads the resulting schema.
    ///
    /// # Errors
    /// A diagnostic at a statement that is refused; as [`ThrowawayDatabase::build_and_read`].
    ///
    /// # Cancellation
    /// The effects stay, in a database that no other process uses.
    pub async fn load_and_read(&mut self, file: &Arc<SourceFile>) -> Result<Schema, Stop> {
        self.prepare(&[file]).await?;
        let connection = &mut self.session.connection;
        let before = roles(connection)
            .await
            .map_err(Failure::connection("reading the roles"))?;
        let loaded = apply::load_file(&mut self.session, file).await;
        self.adopt_roles(&before).await?;
        loaded?;
        read_whole(&mut self.session.connection, &self.created_roles).await
    }

    /// Notes the roles created since, even if the file that created them was refused.
    async fn adopt_roles(&mut self, before: &BTreeSet<String>) -> Result<(), Failure> {
        let after = roles(&mut self.session.connection)
            .await
            .unwrap_or_default();
        self.created_roles.extend(after.difference(before).cloned());
        self.created_roles.sort();
        self.created_roles.dedup();
        let adopted = self.host.adopt_roles(&self.created_roles).await;
        adopted.map_err(Failure::connection("noting the roles of the migrations"))
    }

    /// The user of a given server may be allowed less than the migrations do: that is the machine's
    /// fault. On a private server, whose user may do everything, it would be the project's.
    fn blame_privileges(&self, stop: Stop) -> Stop {
        let Stop::Diagnostics(found) = &stop else {
            return stop;
        };
        let refused = |diagnostic: &&Diagnostic| diagnostic.code == "insufficient-privilege";
        match found.iter().find(refused) {
            Some(diagnostic) if !self.host.is_private() => Stop::Failure(Failure::Rights {
                path: diagnostic.path_and_position().0.to_owned(),
                reason: diagnostic.message.clone(),
            }),
            _ => stop,
        }
    }
}

/// The embedded Postgres does not catch errors inside functions: a file that it refuses may be valid on another server.
fn explain_uncaught(stop: Stop, embedded: bool, files: &[&Arc<SourceFile>]) -> Stop {
    let catches = |file: &&Arc<SourceFile>| file.text.to_ascii_lowercase().contains("exception");
    match stop {
        Stop::Diagnostics(found) if embedded && files.iter().any(catches) => {
            let found = found.into_iter().map(|diagnostic| {
                diagnostic
                    .note("the embedded Postgres does not catch errors inside functions, as `EXCEPTION WHEN` does")
                    .help("if this one should be caught, install Postgres 15 to 18, which need not run")
            });
            Stop::Diagnostics(found.collect())
        }
        stop => stop,
    }
}
