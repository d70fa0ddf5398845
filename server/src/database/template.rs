//! The database that all copies are made from: the migrations ran in it, once for each content of them.

use super::process_session::ProcessSession;
use super::{TestDatabaseError, names, sweep};
use crate::connect::connect;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// A template that no test has used for so long is dropped, because its migrations were probably edited since.
pub(super) const GOOD_FOR: Duration = Duration::from_hours(24);

/// The migrations of one folder, and the hash of their content.
pub(super) struct Template {
    pub(super) hash: u64,
    folder: PathBuf,
    migrator: Arc<Migrator>,
}

impl Template {
    pub(super) async fn read_folder(folder: &Path) -> Result<Self, TestDatabaseError> {
        let read = Migrator::new(folder).await;
        let migrator = read.map_err(|source| TestDatabaseError::Migrations {
            folder: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            hash: hash_migrations(&migrator),
            folder: folder.to_owned(),
            migrator: Arc::new(migrator),
        })
    }

    /// Returns once the template exists. Of several processes at the same time, one builds it.
    pub(super) async fn ensure_built(
        &self,
        session: &ProcessSession,
    ) -> Result<(), TestDatabaseError> {
        let refused = || TestDatabaseError::refusal_of("build the template of the test databases");
        // The lock ends with the connection, also when this process is killed.
        let mut builder = session.connect().await.map_err(refused())?;
        let name = names::building_name(self.hash, &session.owner);
        // A statement of its own: one that also looked at the catalog would have taken its snapshot before it waited.
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(self.hash.cast_signed())
            .execute(&mut builder)
            .await
            .map_err(refused())?;
        if !self.is_built(&mut builder).await.map_err(refused())? {
            let built = self.build_database(session, &mut builder, &name).await;
            if built.is_err() {
                let _ = sweep::drop_database(&mut builder, &name).await;
            }
            // Processes whose URLs name different databases do not share the lock, so another one may have built it meanwhile.
            if !self.is_built(&mut builder).await.map_err(refused())? {
                built?;
            }
        }
        builder.close().await.map_err(refused())
    }

    async fn is_built(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(names::template_name(self.hash))
            .fetch_one(connection)
            .await
    }

    async fn build_database(
        &self,
        session: &ProcessSession,
        builder: &mut PgConnection,
        name: &str,
    ) -> Result<(), TestDatabaseError> {
        let refused = || TestDatabaseError::refusal_of(format!("build database `{name}`"));
        sweep::drop_database(builder, name)
            .await
            .map_err(refused())?;
        // `template0`, because `template1` may have objects of its owner, and cannot be copied
        // while someone is connected to it.
        let create = format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'");
        execute_sql(builder, create).await.map_err(refused())?;
        run_migrations(self.migrator.clone(), session.options(name))
            .await
            .map_err(|source| TestDatabaseError::Migrations {
                folder: self.folder.clone(),
                source,
            })?;
        let template = names::template_name(self.hash);
        for sql in [
            names::mark_good_for(name, GOOD_FOR),
            // A template with a session connected to it cannot be copied.
            format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false"),
            format!("ALTER DATABASE \"{name}\" RENAME TO \"{template}\""),
        ] {
            execute_sql(builder, sql).await.map_err(refused())?;
        }
        Ok(())
    }
}

/// On a thread for blocking, because the compiler cannot prove that the future of sqlx's generic `run` is `Send`.
async fn run_migrations(
    migrator: Arc<Migrator>,
    options: PgConnectOptions,
) -> Result<(), MigrateError> {
    let runtime = Handle::current();
    let migrated = spawn_blocking(move || {
        runtime.block_on(async {
            // Without migrations, the database stays empty: the migrator would create sqlx's table.
            if migrator.iter().next().is_some() {
                let mut connection = connect(&options).await?;
                migrator.run(&mut connection).await?;
                connection.close().await?;
            }
            // The first connection writes the relation cache (`pg_internal.init`), which is copied: sessions on copies start faster.
            connect(&options).await?.close().await?;
            Ok(())
        })
    });
    match migrated.await {
        Ok(migrated) => migrated,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// A hash of everything that determines the schema. The number in front changes when templates are made in another way.
fn hash_migrations(migrator: &Migrator) -> u64 {
    let mut content = String::from("2");
    for migration in migrator.iter() {
        if migration.migration_type.is_up_migration() {
            let (version, no_tx) = (migration.version, migration.no_tx);
            let _infallible = write!(content, " {version} {no_tx} {:?}", migration.checksum);
        }
    }
    crate::hash::hash_bytes(content.as_bytes())
}

pub(super) async fn execute_sql(
    connection: &mut PgConnection,
    sql: String,
) -> Result<(), sqlx::Error> {
    connection.execute(AssertSqlSafe(sql)).await.map(drop)
}
