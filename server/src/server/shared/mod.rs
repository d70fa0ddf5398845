//! The one server that all test processes of a user share, for each Postgres there is.
//!
//! Given: nothing. Gives: a way to connect to a private server that is already running, or that is
//! started now and stays for later processes. Each test process holds a [`Visit`]; when the last
//! one has ended, the server's supervisor waits for [`LINGER`] seconds, ends the server and removes
//! its folder. `XACT_TEST_SERVER_LINGER` is another number of seconds. A database that was kept for
//! inspection ([`SharedServer::keep`]) makes it an hour.
//!
//! Leftovers of a killed supervisor are removed by the next process that needs a server.

mod home;
mod start;
mod visit;

pub(super) use home::is_private;
pub(super) use start::{SUPERVISOR, Started, ended_folder, remove_orphan, start_server};
pub(super) use visit::{SUPERVISED, Visit, is_supervised};

use super::ServerError;
use super::account::Account;
use super::{cluster, find};
use home::Home;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many seconds an unused server waits for the next test process: long enough to edit a test and run it again.
const LINGER: &str = "300";

/// Generous: several processes may start and end servers on a loaded machine at this moment.
const DEADLINE: Duration = Duration::from_mins(1);

/// A visit to the shared server. It does not end while this value lives.
#[derive(Debug)]
pub(crate) struct SharedServer {
    folder: PathBuf,
    _visit: Visit,
}

impl SharedServer {
    /// Finds or starts the server, and opens one connection to it under the name of an application.
    pub(crate) async fn enter(application: &str) -> Result<(Self, PgConnection), ServerError> {
        let account = Account::choose()?;
        let home = Home::open(account)?;
        if let Some(folder) = home.remembered()
            && let Some(entered) = try_enter(&folder, application).await
        {
            return Ok(entered);
        }
        let installation = find::find_newest()?;
        let folder = home.folder_for(&installation);
        // Taken only when the quick way failed: test processes that start together mostly find the
        // server running.
        let _lock = home.lock_home(DEADLINE).await?;
        let deadline = Instant::now() + DEADLINE;
        while Instant::now() < deadline {
            if let Some(entered) = try_enter(&folder, application).await {
                home.remember(&folder);
                return Ok(entered);
            }
            // A folder that cannot be entered is ending, or has lost its supervisor; only the latter is removed here.
            start::remove_orphan(&folder);
            if !folder.exists() {
                let linger = std::env::var("XACT_TEST_SERVER_LINGER");
                let linger = linger.as_deref().unwrap_or(LINGER);
                start::start_server(&installation, account, &folder, linger).await?;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(ServerError::Start {
            program: installation.program("postgres"),
            reason: format!("`{}` neither serves nor ends", folder.display()),
            log: start::read_log(&folder),
        })
    }

    pub(crate) fn options(&self) -> PgConnectOptions {
        cluster::cluster_options(&self.folder)
    }

    /// Keeps the server for an hour, for inspection.
    pub(crate) fn keep(&self) {
        if let Err(error) = std::fs::write(self.folder.join("kept"), "") {
            tracing::warn!(%error, "the test server will not wait for an hour");
        }
    }
}

/// `None` if there is no server in `folder`, or if it is about to end.
async fn try_enter(folder: &Path, application: &str) -> Option<(SharedServer, PgConnection)> {
    // The visit first: from then on the supervisor counts this process, and the server stays until
    // it ends.
    let visit = Visit::begin(folder)?;
    let options = cluster::cluster_options(folder).application_name(application);
    let connection = options.connect().await.ok()?;
    let server = SharedServer {
        folder: folder.to_owned(),
        _visit: visit,
    };
    Some((server, connection))
}
