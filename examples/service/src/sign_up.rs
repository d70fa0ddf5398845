//! Signing up: an organization and its first member, in one transaction of scope `admin`, because both are new.

use crate::sign_in::Token;
use crate::{App, Problem, password_hash};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use database::Database;
use database::orm::users::UsersCreateParams;
use database::types::{MembershipRole, OrganizationId, UserId, UserRole};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A new organization and the person who signs it up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewAccount {
    /// The name of the organization.
    pub organization: String,
    /// The organization's name in addresses.
    pub slug: String,
    /// The name of the person.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The person's password.
    pub password: String,
}

/// The ids of a new account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Account {
    /// Of the organization.
    pub organization_id: OrganizationId,
    /// Of its first member.
    pub user_id: UserId,
}

/// The response: the person is signed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignedUp {
    #[serde(flatten)]
    account: Account,
    #[serde(flatten)]
    token: Token,
}

/// Signs up an organization with its first member.
#[utoipa::path(
    post, path = "/sign-up", request_body = NewAccount,
    responses((status = 201, body = SignedUp), (status = 409))
)]
pub(crate) async fn sign_up(
    State(app): State<App>,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, Json<SignedUp>), Problem> {
    let account = create_account(&app.db, new).await?;
    let token = Token::new(app.sessions.begin(account.user_id.clone()));
    Ok((StatusCode::CREATED, Json(SignedUp { account, token })))
}

/// Creates an organization with its first member.
///
/// # Errors
/// The address or the slug is taken, the password cannot be hashed, or the database fails.
pub async fn create_account(db: &Database, new: NewAccount) -> Result<Account, Problem> {
    let NewAccount {
        organization,
        slug,
        name,
        email,
        password,
    } = new;
    // Takes a while on purpose, and must not keep other requests waiting.
    let hash = tokio::task::spawn_blocking(move || password_hash(&password)).await;
    let hash = hash.map_err(|_panicked| Problem::Unhashed)?;
    let hash = hash.map_err(|_no_salt| Problem::Unhashed)?;
    let email = email.to_lowercase();
    let account = db
        .xact_admin(async |q| {
            let organization = q.orm().organizations_create(&organization, &slug).await?.id;
            let user = UsersCreateParams {
                email: &email,
                username: &email,
                full_name: &name,
                hashed_password: Some(&hash),
                identity_extid: None,
                role: UserRole::User,
            };
            let user = q.orm().users_create(user).await?.id;
            let role = MembershipRole::Owner;
            q.orm()
                .memberships_create(&organization, &user, role)
                .await?;
            Ok::<_, xact::Error>(Account {
                organization_id: organization,
                user_id: user,
            })
        })
        .await?;
    Ok(account)
}
