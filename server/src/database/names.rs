//! The names of test databases: each has the purpose of the database, the hash of its migrations, and its owner.
//!
//! `<owner>` is a random name of a process: its session connection has it in its application name.
//!
//! | name | purpose |
//! | --- | --- |
//! | `xact_template_<hash>` | the migrations of that hash ran in it |
//! | `xact_building_<hash>_<owner>` | they are running in it |
//! | `xact_stock_<hash>_<owner>_<n>` | a copy for a later test |
//! | `xact_test_<hash>_<owner>_<n>` | a copy that a test of the owner uses |
//! | `xact_shared_<hash>_<run>` | the copy of one test run |

use sqlx::postgres::PgConnectOptions;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// The beginning of every name, and of the application name of a liveness session.
pub(super) const PREFIX: &str = "xact_";

/// The application name of the session of an owner.
pub(super) fn application_name(owner: &str) -> String {
    format!("{PREFIX}keeper_{owner}")
}

pub(super) fn template_name(hash: u64) -> String {
    format!("{PREFIX}template_{hash:016x}")
}

pub(super) fn building_name(hash: u64, owner: &str) -> String {
    format!("{PREFIX}building_{hash:016x}_{owner}")
}

/// The beginning of the names of all stock of these migrations.
pub(super) fn stock_prefix(hash: u64) -> String {
    format!("{PREFIX}stock_{hash:016x}_")
}

pub(super) fn stock_name(hash: u64, owner: &str) -> String {
    format!("{}{owner}_{}", stock_prefix(hash), next_number())
}

pub(super) fn test_name(hash: u64, owner: &str) -> String {
    format!("{PREFIX}test_{hash:016x}_{owner}_{}", next_number())
}

/// One of the names, chosen by the name of the asker, so that different askers choose different ones.
pub(super) fn pick_one<'n>(names: &'n [String], who: &str) -> Option<&'n String> {
    let count = u64::try_from(names.len()).ok()?;
    let index = crate::hash::hash_bytes(who.as_bytes()).checked_rem(count)?;
    names.get(usize::try_from(index).ok()?)
}

/// The database of a run.
pub(super) fn shared_name(hash: u64, run: &str) -> String {
    let run = crate::hash::hash_bytes(run.as_bytes());
    format!("{PREFIX}shared_{hash:016x}_{run:016x}")
}

/// The statement that marks until when a database is kept, in a comment that `sweep.sql` reads.
pub(super) fn mark_good_for(name: &str, duration: Duration) -> String {
    let until = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default() + duration;
    format!(
        "COMMENT ON DATABASE \"{name}\" IS 'xact: until {}'",
        until.as_secs()
    )
}

fn next_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The command that connects to the database; it shows no password.
pub(super) fn psql_command(options: &PgConnectOptions) -> String {
    let name = options.get_database().unwrap_or_default();
    let user = options.get_username();
    match options.get_socket() {
        Some(socket) => {
            let socket = socket.display();
            format!("psql 'postgres:///{name}?host={socket}&user={user}'")
        }
        None => format!(
            "psql 'postgres://{user}@{}:{}/{name}'",
            options.get_host(),
            options.get_port()
        ),
    }
}
