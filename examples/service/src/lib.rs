//! A service on the reference data layer: people sign in, and see the bookmarks of their organization.
//!
//! Every request of a signed-in user is one transaction of scope `customer`. No handler filters by
//! organization to keep others out: row-level security does.

mod bookmarks;
mod error;
mod export;
mod imports;
mod openapi;
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

    /// The routes, and `GET /openapi.json`, the OpenAPI document of them.
    pub fn router(self) -> Router {
        openapi::build_router(self)
    }
}

/// Whether a transaction could begin.
#[utoipa::path(get, path = "/health", responses((status = 200, body = String)))]
async fn health(State(app): State<App>) -> Result<&'static str, Problem> {
    app.db.pool().check().await?;
    Ok("ok")
}
