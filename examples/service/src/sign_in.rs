//! Signing in: the one place that reads a password's hash, and therefore the scope `admin`.

use crate::{App, Problem};
use argon2::Argon2;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An account and its password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Credentials {
    email: String,
    password: String,
}

/// The token of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct Token {
    token: String,
}

impl Token {
    pub(crate) fn new(token: String) -> Self {
        Self { token }
    }
}

/// Gives a token for an email address and its password.
#[utoipa::path(
    post, path = "/sign-in", request_body = Credentials,
    responses((status = 200, body = Token), (status = 401))
)]
pub(crate) async fn sign_in(
    State(app): State<App>,
    Json(Credentials { email, password }): Json<Credentials>,
) -> Result<Json<Token>, Problem> {
    let email = email.to_lowercase();
    // `users_get_credentials` does not compile in the scope `customer`: its role may not read the hash.
    let found = app
        .db
        .xact_admin(async |q| q.orm().users_get_credentials(&email).await)
        .await?;
    let user = found.filter(|user| user.is_active);
    let user = user.ok_or(Problem::NotSignedIn)?;
    let hash = user.hashed_password.ok_or(Problem::NotSignedIn)?;
    // Takes a while on purpose, and must not keep other requests waiting.
    let matches = tokio::task::spawn_blocking(move || matches(&password, &hash)).await;
    if !matches.unwrap_or(false) {
        return Err(Problem::NotSignedIn);
    }
    let token = app.sessions.begin(user.id);
    Ok(Json(Token { token }))
}

fn matches(password: &str, hash: &str) -> bool {
    let hash = PasswordHash::new(hash);
    hash.is_ok_and(|hash| {
        let verified = Argon2::default().verify_password(password.as_bytes(), &hash);
        verified.is_ok()
    })
}

/// The hash of a password, as `users.hashed_password` holds it.
///
/// # Errors
/// If the operating system gives no random salt.
pub fn password_hash(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}
