//! Databases whose branches were deleted.
//!
//! Each database of a branch has a comment with the branch and the repository. Only databases with the
//! comment of this repository are ever dropped: other projects, and databases that a user created by
//! hand, have none.

use super::server::execute_statement;
use super::{LocalServer, template};
use crate::git;
use crate::report::Failure;
use crate::sql::quote::quote_literal;
use sqlx::PgConnection;
use std::path::Path;

/// The database of a branch that is not there any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its name.
    pub database: String,
    /// The deleted branch.
    pub branch: String,
}

/// Records in the comment of the database which branch it belongs to. A database to which a migration gave
/// a comment keeps that, and is never pruned.
pub(super) async fn mark_database(
    server: &LocalServer,
    connection: &mut PgConnection,
) -> Result<(), Failure> {
    let place = &server.place;
    let present: Option<String> = sqlx::query_scalar(include_str!("comment.sql"))
        .bind(&place.database)
        .fetch_one(&mut *connection)
        .await
        .map_err(Failure::connection(
            "reading the comment of the branch's database",
        ))?;
    if present.is_some() {
        return Ok(());
    }
    // The comment is the mark: the name alone may have been cut or be the user's own.
    let comment = quote_literal(&format!("{}{}", comment_prefix(server), place.branch));
    let sql = format!("COMMENT ON DATABASE {} IS {comment}", place.database);
    execute_statement(connection, sql, "marking the branch's database").await
}

fn comment_prefix(server: &LocalServer) -> String {
    format!("xact dev: {}: branch ", server.place.family.display())
}

/// The databases of deleted branches. Changes nothing.
///
/// # Errors
/// [`Failure::NoRepository`] without git, or if the server cannot be reached.
///
/// # Cancellation
/// Nothing was changed.
pub async fn find_leftovers(server: &LocalServer, root: &Path) -> Result<Vec<Leftover>, Failure> {
    let Some(branches) = git::list_branches(root) else {
        return Err(Failure::NoRepository {
            root: root.to_owned(),
        });
    };
    let prefix = comment_prefix(server);
    let rows: Vec<(String, String)> = sqlx::query_as(include_str!("marked.sql"))
        .bind(&prefix)
        .fetch_all(&mut server.administer().await?)
        .await
        .map_err(Failure::connection("listing the databases of branches"))?;
    let leftovers = rows.into_iter().filter_map(|(database, comment)| {
        let branch = comment.strip_prefix(&prefix)?.to_owned();
        // The present database stays even if its branch is not listed, as with a detached HEAD.
        let stays = branches.contains(&branch) || database == server.place.database;
        (!stays).then_some(Leftover { database, branch })
    });
    Ok(leftovers.collect())
}

/// Drops the database of a deleted branch.
///
/// # Errors
/// If the server cannot be reached.
///
/// # Cancellation
/// It is dropped or not.
pub async fn drop_leftover(server: &LocalServer, leftover: &Leftover) -> Result<(), Failure> {
    let mut connection = server.administer().await?;
    template::drop_database(&mut connection, &leftover.database).await
}
