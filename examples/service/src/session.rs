//! Signed-in users: tokens, kept in the memory of this process.

use crate::{App, Problem};
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use database::types::UserId;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The tokens of those who are signed in.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    users: Mutex<HashMap<String, UserId>>,
}

impl Sessions {
    /// Remembers a user; gives the token by which they are known from now on.
    pub(crate) fn begin(&self, user: UserId) -> String {
        let token = Uuid::new_v4().to_string();
        self.users().insert(token.clone(), user);
        token
    }

    fn user(&self, token: &str) -> Option<UserId> {
        self.users().get(token).cloned()
    }

    fn users(&self) -> MutexGuard<'_, HashMap<String, UserId>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The user of a request, from `Authorization: Bearer TOKEN`.
pub(crate) struct SignedIn(pub(crate) UserId);

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION);
        let token = header
            .and_then(|header| header.to_str().ok())
            .and_then(|header| header.strip_prefix("Bearer "));
        let user = token.and_then(|token| app.sessions.user(token));
        user.map(Self).ok_or(Problem::NotSignedIn)
    }
}
