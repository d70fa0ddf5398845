//! Joins heads: an empty migration that builds on all of them, once it is proved that the order of
//! the branches does not matter.
//!
//! Each developer's database had its own branch first and the others after it, so one throwaway
//! database for each head is built in that order, and all have to be the same.

use crate::database::Database;
use crate::migrate::apply::{Folder, Migration, tree};
use crate::report::Stop;
use crate::schema;
use similar::TextDiff;
use std::collections::BTreeSet;

/// What came of the proof.
#[derive(Debug)]
pub enum Joined {
    /// There is one head, or none.
    Nothing,
    /// Every order gives the same schema; these are to be joined.
    Proved(Vec<i64>),
    /// The order matters: with this head's branch first, compared with the first head's, as a diff
    /// of schema.sql.
    Different(i64, String),
}

/// Builds one database for each head, its own branch first.
///
/// # Errors
/// If a migration is refused in one of the orders, or a schema cannot be read.
///
/// # Cancellation
/// The throwaway servers are removed.
pub async fn merge(folder: &Folder, server: Option<&str>) -> Result<Joined, Stop> {
    let heads: Vec<i64> = folder.heads().iter().map(|head| head.version).collect();
    let [first, others @ ..] = heads.as_slice() else {
        return Ok(Joined::Nothing);
    };
    if others.is_empty() {
        return Ok(Joined::Nothing);
    }
    let reference = built(folder, *first, server).await?;
    for head in others {
        let other = built(folder, *head, server).await?;
        if other != reference {
            let diff = TextDiff::from_lines(&reference, &other);
            let mut diff = diff.unified_diff();
            let names = [first, head].map(|head| format!("the branch of {head} first"));
            let diff = diff.context_radius(2).header(&names[0], &names[1]);
            return Ok(Joined::Different(*head, diff.to_string()));
        }
    }
    Ok(Joined::Proved(heads))
}

/// schema.sql of a database that has the branch of `head` first, then the rest.
async fn built(folder: &Folder, head: i64, server: Option<&str>) -> Result<String, Stop> {
    let mut order = tree::branch(&folder.migrations, head);
    let own: BTreeSet<i64> = order.iter().map(|migration| migration.version).collect();
    let rest = folder.migrations.iter();
    order.extend(rest.filter(|migration: &&Migration| !own.contains(&migration.version)));
    let mut database = Database::empty(server).await?;
    let schema = database.build_and_read(&order).await;
    database.stop().await?;
    schema.map(|schema| schema::dump(&schema))
}
