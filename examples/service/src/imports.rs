//! The imports of an organization, each with its bookmarks.

use crate::session::SignedIn;
use crate::{App, Problem};
use axum::Json;
use axum::extract::{Path, State};
use database::orm::import_jobs::ImportJobsListWithBookmarksRow;
use database::types::OrganizationId;

/// The newest ten: one statement for the imports and all of their bookmarks.
#[utoipa::path(
    get, path = "/organizations/{organization}/imports", operation_id = "list_imports",
    params(("organization" = OrganizationId, Path)), security(("token" = [])),
    responses((status = 200, body = Vec<ImportJobsListWithBookmarksRow>))
)]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Path(organization): Path<OrganizationId>,
) -> Result<Json<Vec<ImportJobsListWithBookmarksRow>>, Problem> {
    let rows = app
        .db
        .xact_customer(&user, &organization, async |q| {
            let mut orm = q.orm();
            orm.import_jobs_list_with_bookmarks(&organization, 10).await
        })
        .await?;
    Ok(Json(rows))
}
