//! The bookmarks that meet the conditions of a URL, and changes of one: each an endpoint with fields that may be missing.

use crate::bookmarks::Listed;
use crate::session::SignedIn;
use crate::{App, Problem};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use database::orm::bookmarks::{
    BookmarksSearchOrder, BookmarksSearchParams, BookmarksUpdateParams,
};
use database::types::{Bookmark, BookmarkId, OrganizationId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use xact::{Cursor, Patch};

/// `?domain=rust-lang.org&pattern=%25async%25&imported=true&order=title`
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Conditions {
    domain: Option<String>,
    pattern: Option<String>,
    #[serde(default)]
    imported: bool,
    #[serde(default)]
    order: BookmarksSearchOrder,
    after: Option<Cursor>,
}

/// The bookmarks that meet the conditions, fifty at a time.
#[utoipa::path(
    get, path = "/organizations/{organization}/search",
    params(("organization" = OrganizationId, Path), Conditions), security(("token" = [])),
    responses((status = 200, body = Listed<Bookmark>))
)]
pub(crate) async fn search(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
    Query(conditions): Query<Conditions>,
) -> Result<Json<Listed<Bookmark>>, Problem> {
    let params = BookmarksSearchParams {
        domain: conditions.domain.as_deref(),
        pattern: conditions.pattern.as_deref(),
        imported: conditions.imported,
        order: conditions.order,
        ..BookmarksSearchParams::new(&organization)
    };
    let page = app
        .db
        .xact_customer(&user, &organization, async |q| {
            let mut orm = q.orm();
            let pages = orm.bookmarks_search(params.clone());
            match &conditions.after {
                Some(cursor) => pages.after(cursor, 50).await,
                None => pages.first(50).await,
            }
        })
        .await?;
    Ok(Json(Listed {
        bookmarks: page.rows,
        next: page.next,
        previous: page.previous,
    }))
}

/// The body of a PATCH: a field that is missing is kept, and `"folder": null` takes the bookmark out of its folder.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changes {
    title: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    folder: Patch<String>,
}

/// Changes the fields that the body has.
#[utoipa::path(
    patch, path = "/organizations/{organization}/bookmarks/{bookmark}", operation_id = "change_bookmark",
    params(("organization" = OrganizationId, Path), ("bookmark" = BookmarkId, Path)), security(("token" = [])),
    request_body = Changes,
    responses((status = 200, body = Bookmark), (status = 404), (status = 400))
)]
pub(crate) async fn change(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path((organization, bookmark)): Path<(OrganizationId, BookmarkId)>,
    Json(changes): Json<Changes>,
) -> Result<Response, Problem> {
    let params = BookmarksUpdateParams {
        title: changes.title.as_deref(),
        original_folder: changes.folder.as_deref(),
        ..BookmarksUpdateParams::new(&bookmark)
    };
    if params.sets_nothing() {
        return Ok((StatusCode::BAD_REQUEST, "there is no change\n").into_response());
    }
    let row = app
        .db
        .xact_customer(&user, &organization, async |q| {
            q.orm().bookmarks_update(params.clone()).await
        })
        .await?;
    Ok(match row {
        Some(row) => Json(row).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}
