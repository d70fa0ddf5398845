//! All bookmarks of an organization, one line of JSON each, sent while they arrive from Postgres.
//!
//! No more than a few rows are in memory at any time. Whoever stops reading ends the transaction.

use crate::session::SignedIn;
use crate::{App, Problem};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use database::orm::Customer;
use database::types::{Bookmark, OrganizationId};
use futures_util::{TryStreamExt as _, stream};
use tokio::sync::mpsc;
use xact::Xact;

/// A line of the export, or why there are no more.
type Line = Result<String, xact::Error>;

/// Answers with the rows as they come.
#[utoipa::path(
    get, path = "/organizations/{organization}/export",
    params(("organization" = OrganizationId, Path)), security(("token" = [])),
    responses((status = 200, body = Bookmark, content_type = "application/x-ndjson", description = "a line of JSON each"))
)]
pub(crate) async fn export(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
) -> Result<Response, Problem> {
    // Begun here, so that a database that cannot be reached is an answer of its own.
    let q = app.db.begin_customer(&user, &organization).await?;
    let (lines, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        if let Err(error) = send(q, &organization, &lines).await {
            // The answer has begun: its end without the last chunk says that it is not whole.
            drop(lines.send(Err(error)).await);
        }
    });
    let body = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|line: Line| (line, receiver))
    });
    let body = Body::from_stream(body);
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// Sends every row; dropping `q` when the reader disconnects rolls back.
async fn send(
    mut q: Xact<Customer>,
    organization: &OrganizationId,
    lines: &mpsc::Sender<Line>,
) -> Result<(), xact::Error> {
    let mut orm = q.orm();
    let mut rows = orm.bookmarks_export(organization);
    while let Some(row) = rows.try_next().await? {
        let line = serde_json::json!(row).to_string() + "\n";
        if lines.send(Ok(line)).await.is_err() {
            return Ok(());
        }
    }
    drop(rows);
    q.commit().await
}
