//! The Postgres of the local databases: the family's private cluster, or a server given by URL.

use super::Checkout;
use crate::migrate::apply::{Session, read_url};
use crate::operations::{Access, wait};
use crate::report::Failure;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, PgConnection};
use std::path::Path;
use std::time::{Duration, Instant};
use xact_server::{LocalCluster, LocalState};

/// How long a server may take to make itself ready.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long it is asked at first before one looks whether it still runs.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Where local databases are.
#[derive(Clone, Debug)]
pub struct LocalServer {
    /// Whose.
    pub place: Checkout,
    /// The cluster of the family; nothing on a given server.
    pub cluster: Option<LocalCluster>,
    given: Option<String>,
}

/// A database of the family, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseSize {
    /// Its name.
    pub name: String,
    /// In bytes.
    pub bytes: i64,
}

impl LocalServer {
    /// The server of the project at `root`: the one at `url`, or the family's cluster. Starts nothing.
    ///
    /// # Errors
    /// If there is no place for a cluster.
    pub fn of(root: &Path, url: Option<&str>) -> Result<Self, Failure> {
        let place = Checkout::of(root)?;
        let cluster = match url {
            Some(_) => None,
            None => Some(LocalCluster::of(&place.family)?),
        };
        let given = url.map(str::to_owned);
        Ok(Self {
            place,
            cluster,
            given,
        })
    }

    /// Whether there is a server to connect to.
    pub fn is_running(&self) -> bool {
        let cluster = self.cluster.as_ref();
        cluster.is_none_or(|cluster| matches!(cluster.state(), LocalState::Running { .. }))
    }

    /// Whether there is a server, perhaps one that was stopped.
    pub fn is_created(&self) -> bool {
        let cluster = self.cluster.as_ref();
        cluster.is_none_or(|cluster| cluster.state() != LocalState::Absent)
    }

    /// Connects to the branch's database for migrations.
    ///
    /// # Errors
    /// [`Failure::NoBranchDatabase`] if the branch has none yet, or a failure of the connection.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn connect(&self) -> Result<Session, Failure> {
        let opened = Session::open(self.options(&self.place.database)?).await;
        opened.map_err(|failure| match failure {
            Failure::Database { source, .. } if is_missing(&source) => Failure::NoBranchDatabase {
                branch: self.place.branch.clone(),
                database: self.place.database.clone(),
            },
            failure => failure,
        })
    }

    /// Starts the cluster, if it is one and does not run.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(&self) -> Result<(), Failure> {
        match &self.cluster {
            Some(cluster) => Ok(cluster.start()?),
            None => Ok(()),
        }
    }

    /// Waits while the cluster makes itself ready: after a crash, as of a full disk, that takes a while,
    /// and a server that could not recover then ends, to be started once more.
    ///
    /// # Errors
    /// If it is not ready after a minute.
    ///
    /// # Cancellation
    /// Nothing was changed.
    pub async fn ready(&self) -> Result<(), Failure> {
        let Some(cluster) = &self.cluster else {
            return Ok(());
        };
        let begin = Instant::now();
        let mut limit = AT_ONCE;
        loop {
            match wait(&cluster.url("postgres")?, Access::ReadOnly, limit, |_| ()).await {
                // Started again in each round: a server that was stopped meanwhile would never
                // answer.
                Err(Failure::NotReady { .. }) if begin.elapsed() < PATIENCE => cluster.start()?,
                Err(Failure::NotReady { reason, .. }) => {
                    return Err(Failure::LocalNotReady { reason });
                }
                done => return done.map(drop),
            }
            // On a busy machine a server may need longer than one round for its first answer.
            limit = (limit * 2).min(PATIENCE);
        }
    }

    /// How to connect to a database.
    ///
    /// # Errors
    /// If the cluster was never started, or the URL is not one.
    pub fn options(&self, database: &str) -> Result<PgConnectOptions, Failure> {
        match (&self.cluster, &self.given) {
            (Some(cluster), _) => Ok(cluster.options(database)?),
            (None, given) => {
                let url = given.as_deref().unwrap_or_default();
                Ok(read_url(url)?.database(database))
            }
        }
    }

    /// The URL of the branch's database, password included.
    ///
    /// # Errors
    /// If the cluster was never started, or the given URL is not one.
    pub fn url(&self) -> Result<String, Failure> {
        let name = &self.place.database;
        match (&self.cluster, &self.given) {
            (Some(cluster), _) => Ok(cluster.url(name)?),
            (None, given) => Ok(with_database(given.as_deref().unwrap_or_default(), name)),
        }
    }

    /// A connection beside the branches' databases.
    ///
    /// # Errors
    /// If the server does not let this user in.
    ///
    /// # Cancellation
    /// Dropping the future closes the half-open connection.
    pub async fn administer(&self) -> Result<PgConnection, Failure> {
        let options = self.options("postgres")?;
        options
            .connect()
            .await
            .map_err(Failure::database_at(&options))
    }

    /// The databases of the family, templates left out.
    ///
    /// # Errors
    /// If the server cannot be reached.
    ///
    /// # Cancellation
    /// Nothing was changed.
    pub async fn databases(&self) -> Result<Vec<DatabaseSize>, Failure> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT datname::text, pg_database_size(oid) FROM pg_database \
             WHERE starts_with(datname, $1 || '_') AND NOT starts_with(datname, $2) ORDER BY 1",
        )
        .bind(&self.place.project)
        .bind(self.template_prefix())
        .fetch_all(&mut self.administer().await?)
        .await
        .map_err(Failure::connection("listing the databases"))?;
        let size = |(name, bytes)| DatabaseSize { name, bytes };
        Ok(rows.into_iter().map(size).collect())
    }

    /// How the names of the family's templates begin.
    pub(super) fn template_prefix(&self) -> String {
        format!("{}__template_", self.place.project)
    }
}

/// Whether the server says that there is no such database: `invalid_catalog_name`.
fn is_missing(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    // `invalid_catalog_name` (Appendix A).
    error.and_then(sqlx::error::DatabaseError::code).as_deref() == Some("3D000")
}

/// Whether a database of this name exists.
pub(super) async fn database_exists(
    connection: &mut PgConnection,
    name: &str,
) -> Result<bool, Failure> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .map_err(Failure::connection("looking for a database"))
}

/// Runs a statement about databases; names in it are made of letters, digits and `_`.
pub(super) async fn execute_statement(
    connection: &mut PgConnection,
    sql: String,
    doing: &'static str,
) -> Result<(), Failure> {
    let done = connection.execute(AssertSqlSafe(sql)).await;
    done.map(drop).map_err(Failure::connection(doing))
}

/// The URL with another path.
fn with_database(url: &str, database: &str) -> String {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = address.split_once("://").unwrap_or(("postgres", address));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{database}{query}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        let replaced = |url| with_database(url, "b");
        assert_eq!(
            replaced("postgres://u:p@h:1/a?x=/y"),
            "postgres://u:p@h:1/b?x=/y"
        );
        assert_eq!(replaced("postgres://h"), "postgres://h/b");
    }
}
