//! The routes, each from the attribute of its handler, and the OpenAPI document of all of them at `GET /openapi.json`.
//!
//! Its schemas are those of the types that the handlers answer with: generated rows, ids and enums among them.

use crate::{App, bookmarks, export, imports, search, sign_in, sign_up};
use axum::routing::get;
use axum::{Json, Router};
use database::orm::bookmarks::BookmarksSearchOrder;
use database::types::{BookmarkId, OrganizationId};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use xact::Cursor;

/// The parts of the document that belong to no route.
#[derive(OpenApi)]
#[openapi(
    info(title = "Bookmarks", description = "An HTTP service on the reference data layer"),
    modifiers(&Token),
    // utoipa adds the types of bodies by itself, and not those of parameters.
    components(schemas(BookmarksSearchOrder, BookmarkId, OrganizationId, Cursor))
)]
struct Outline;

/// `Authorization: Bearer TOKEN`, which the routes of a signed-in user name as `token`.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut Document) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
    }
}

/// All routes, with the document.
pub(crate) fn build_router(app: App) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(Outline::openapi())
        .routes(routes!(crate::health))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_up::sign_up))
        .routes(routes!(bookmarks::list, bookmarks::create))
        .routes(routes!(search::search))
        .routes(routes!(search::change))
        .routes(routes!(export::export))
        .routes(routes!(imports::list))
        .split_for_parts();
    let document = get(async move || Json(document));
    router.route("/openapi.json", document).with_state(app)
}
