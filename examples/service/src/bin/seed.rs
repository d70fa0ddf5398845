//! Fills the database at `DATABASE_URL` with an organization, a member who can sign in, and some bookmarks.

use database::Database;
use example_service::{NewAccount, create_account};
use std::error::Error;
use xact::json::Value;

const SITES: &[&str] = &["rust-lang.org", "postgresql.org"];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let db = Database::from_env().await?;
    let ada = NewAccount {
        organization: "Acme".to_owned(),
        slug: "acme".to_owned(),
        name: "Ada".to_owned(),
        email: "ada@acme.example".to_owned(),
        password: "correct horse".to_owned(),
    };
    let account = create_account(&db, ada)
        .await
        .map_err(|problem| format!("cannot create the account: {problem}"))?;
    let organization = &account.organization_id;
    let none = Value::from(serde_json::json!({}));
    db.xact_customer(&account.user_id, organization, async |q| {
        for site in SITES {
            let url = format!("https://{site}/");
            let mut orm = q.orm();
            orm.bookmarks_create(organization, &url, site, site, &none)
                .await?;
        }
        Ok::<_, xact::Error>(())
    })
    .await?;
    println!("ada@acme.example signs in with `correct horse`; the organization is {organization}");
    Ok(())
}
