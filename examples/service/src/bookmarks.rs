//! The bookmarks of an organization: listed and saved by its members.

use crate::session::SignedIn;
use crate::{App, Problem};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use database::orm::bookmarks::BookmarksListRow;
use database::types::{Bookmark, BookmarkId, OrganizationId};
use serde::Deserialize;
use xact::json::Value;

/// A bookmark that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its id.
    pub id: BookmarkId,
}

#[derive(Deserialize)]
pub(crate) struct NewBookmark {
    url: String,
    title: String,
    domain: String,
}

/// The newest fifty.
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
) -> Result<Json<Vec<BookmarksListRow>>, Problem> {
    let rows = app
        .db
        .xact_customer(&user, &organization, async |q| {
            q.orm().bookmarks_list(&organization, 50).await
        })
        .await?;
    Ok(Json(rows))
}

/// Saves one, and tells the subscribers once it is committed.
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
    Json(new): Json<NewBookmark>,
) -> Result<(StatusCode, Json<Bookmark>), Problem> {
    let NewBookmark { url, title, domain } = new;
    let none = Value::from(serde_json::json!({}));
    let saved = app
        .db
        .xact_customer(&user, &organization, async |q| {
            let mut orm = q.orm();
            let row = orm
                .bookmarks_create(&organization, &url, &title, &domain, &none)
                .await?;
            let (saved, id) = (app.saved.clone(), row.id.clone());
            // Without subscribers the event is dropped, which is no error.
            q.after_commit(move || drop(saved.send(Saved { id })));
            Ok::<_, xact::Error>(row)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(saved)))
}
