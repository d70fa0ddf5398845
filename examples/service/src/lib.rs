//! A service on the reference data layer: people sign in, and see the bookmarks of their organization.
//!
//! Every request of a signed-in user is one transaction of scope `customer`. No handler filters by
//! organization to keep others out: row-level security does.

mod bookmarks;
mod error;
mod export;
mod imports;
mod search;
mod serve;
mod session;
mod sign_in;
mod sign_up;

pub use bookmarks::Saved;
pub use error::Problem;
pub use serve::serve;
pub use sign_in::password_hash;
pub use sign_up::{Account, NewAccount, create_account};

use axum::Router;
use axum::extract::State;
use axum::routing::{get, patch, post};
use database::Database;
use session::Sessions;
use std::sync::Arc;
use tokio::sync::broadcast;

/// The state of every handler.
#[derive(Clone, Debug)]
pub struct App {
    db: Database,
    sessions: Arc<Sessions>,
    saved: broadcast::Sender<Saved>,
}

impl App {
    /// The service on a database.
    pub fn new(db: Database) -> Self {
        Self {
            db,
            sessions: Arc::default(),
            saved: broadcast::Sender::new(64),
        }
    }

    /// The bookmarks saved from now on, each after its transaction was committed.
    pub fn subscribe(&self) -> broadcast::Receiver<Saved> {
        self.saved.subscribe()
    }

    /// The routes.
    pub fn router(self) -> Router {
        let bookmarks = get(bookmarks::list).post(bookmarks::create);
        Router::new()
            .route("/health", get(health))
            .route("/sign-in", post(sign_in::sign_in))
            .route("/sign-up", post(sign_up::sign_up))
            .route("/organizations/{organization}/bookmarks", bookmarks)
            .route("/organizations/{organization}/export", get(export::export))
            .route("/organizations/{organization}/search", get(search::search))
            .route(
                "/organizations/{organization}/bookmarks/{bookmark}",
                patch(search::change),
            )
            .route("/organizations/{organization}/imports", get(imports::list))
            .with_state(self)
    }
}

async fn health(State(app): State<App>) -> Result<&'static str, Problem> {
    app.db.pool().check().await?;
    Ok("ok")
}
