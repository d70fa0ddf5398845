//! The bookmarks of an organization: listed and saved by its members.

use crate::session::SignedIn;
use crate::{App, Problem};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use database::orm::bookmarks::BookmarksListRow;
use database::types::{Bookmark, BookmarkId, OrganizationId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use xact::Cursor;
use xact::json::Value;

/// A bookmark that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its id.
    pub id: BookmarkId,
}

/// A bookmark to save.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewBookmark {
    url: String,
    title: String,
    domain: String,
}

/// Which page: `?after=…&size=20`, or `?before=…`. A text that is no cursor is answered with 400.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    after: Option<Cursor>,
    before: Option<Cursor>,
    size: Option<u32>,
}

/// A page of bookmarks, and the cursors of those beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed<R> {
    pub(crate) bookmarks: Vec<R>,
    #[schema(required)]
    pub(crate) next: Option<Cursor>,
    #[schema(required)]
    pub(crate) previous: Option<Cursor>,
}

/// More rows than this are not given at once, whatever is asked for.
const MOST: u32 = 100;

/// The bookmarks of an organization, newest first, page by page.
#[utoipa::path(
    get, path = "/organizations/{organization}/bookmarks", operation_id = "list_bookmarks",
    params(("organization" = OrganizationId, Path), Place), security(("token" = [])),
    responses((status = 200, body = Listed<BookmarksListRow>))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
    Query(place): Query<Place>,
) -> Result<Json<Listed<BookmarksListRow>>, Problem> {
    let size = place.size.unwrap_or(50).clamp(1, MOST);
    let page = app
        .db
        .xact_customer(&user, &organization, async |q| {
            let mut orm = q.orm();
            let pages = orm.bookmarks_list(&organization);
            match (&place.after, &place.before) {
                (Some(cursor), _) => pages.after(cursor, size).await,
                (None, Some(cursor)) => pages.before(cursor, size).await,
                (None, None) => pages.first(size).await,
            }
        })
        .await?;
    Ok(Json(Listed {
        bookmarks: page.rows,
        next: page.next,
        previous: page.previous,
    }))
}

/// Saves one, and tells the subscribers once it is committed.
#[utoipa::path(
    post, path = "/organizations/{organization}/bookmarks", operation_id = "create_bookmark",
    params(("organization" = OrganizationId, Path)), security(("token" = [])), request_body = NewBookmark,
    responses((status = 201, body = Bookmark))
)]
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
