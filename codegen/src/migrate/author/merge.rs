//! Joins heads: an empty migration that builds on all of them, once it is proved that the order of
//! the branches does not matter.
//!
//! Each developer's database had its own branch first and the others after it, so one throwaway
//! database for each head is built in that order, and all have to be the same.

use crate::database::ThrowawayDatabase;
use crate::migrate::apply::{Folder, Migration, tree};
use crate::report::Stop;
use crate::schema::diff::in_order_of_names;
use crate::schema::model::Table;
use crate::schema::{self, Schema};
use similar::TextDiff;
use std::collections::BTreeSet;

/// The result of the proof.
#[derive(Debug)]
pub enum Joined {
    /// There is one head, or none.
    Nothing,
    /// Every order gives the same schema, apart from the order of columns: no query of this tool
    /// depends on that, because `*` is sent as the columns it means.
    Proved {
        /// The versions to be joined.
        heads: Vec<i64>,
        /// The tables whose columns have another order, depending on the branch that comes first.
        reordered: Vec<String>,
    },
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
    let reference = build_head(folder, *first, server).await?;
    let mut reordered = BTreeSet::new();
    for head in others {
        let other = build_head(folder, *head, server).await?;
        reordered.extend(reordered_tables(&reference, &other));
        let (was, is) = (by_names(&reference), by_names(&other));
        if was != is {
            let diff = TextDiff::from_lines(&was, &is);
            let mut diff = diff.unified_diff();
            let names = [first, head].map(|head| format!("the branch of {head} first"));
            let diff = diff.context_radius(2).header(&names[0], &names[1]);
            return Ok(Joined::Different(*head, diff.to_string()));
        }
    }
    let reordered = reordered.into_iter().collect();
    Ok(Joined::Proved { heads, reordered })
}

/// schema.sql as it would be if columns were in the order of their names.
fn by_names(schema: &Schema) -> String {
    schema::dump(&in_order_of_names(schema))
}

/// The tables that have the same columns in another order.
fn reordered_tables(a: &Schema, b: &Schema) -> Vec<String> {
    let names = |table: &Table| -> Vec<String> {
        let columns = table.columns.iter();
        columns.map(|column| column.name.clone()).collect()
    };
    let is_reordered = |table: &&Table| {
        let mut others = b.tables.iter();
        let other = others.find(|other| other.name == table.name);
        other.is_some_and(|other| names(other) != names(table))
    };
    let tables = a.tables.iter().filter(is_reordered);
    tables.map(|table| table.name.sql.clone()).collect()
}

/// The schema of a database that has the branch of `head` first, then the rest.
async fn build_head(folder: &Folder, head: i64, server: Option<&str>) -> Result<Schema, Stop> {
    let mut order = tree::collect_branch(&folder.migrations, head);
    let own: BTreeSet<i64> = order.iter().map(|migration| migration.version).collect();
    let rest = folder.migrations.iter();
    order.extend(rest.filter(|migration: &&Migration| !own.contains(&migration.version)));
    let mut database = ThrowawayDatabase::empty(server).await?;
    let schema = database.build_and_read(&order).await;
    database.stop().await?;
    schema
}
