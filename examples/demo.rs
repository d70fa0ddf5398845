//! The generated module at work, with the rows that each scope sees: on a throwaway database, or on that of `DATABASE_URL`.

use database::Database;
use database::orm::users::UsersCreateParams;
use database::types::{MembershipRole, OrganizationId, UserId, UserRole};
use std::error::Error;
use xact::testing::TestDatabase;
use xact::types::JsonValue;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shown = if std::env::var_os("DATABASE_URL").is_some() {
        show(&Database::from_env().await?).await?
    } else {
        let test = TestDatabase::isolated().await?;
        show(&Database::new(test.pool())).await?
    };
    println!("{shown}");
    Ok(())
}

/// Fills the database, and gives a report of who sees which rows.
pub(crate) async fn show(db: &Database) -> Result<String, xact::Error> {
    let (acme, ada) = sign_up(db, "Acme", "Ada", &["rust-lang.org", "postgresql.org"]).await?;
    let (globex, grace) = sign_up(db, "Globex", "Grace", &["sqlite.org"]).await?;

    let organizations = db
        .xact_admin(async |q| q.orm().organizations_list().await)
        .await?;
    let mut lines = vec![format!("admin sees {} organizations", organizations.len())];
    for organization in &organizations {
        let id = &organization.id;
        let count = db
            .xact_admin(async |q| q.orm().bookmarks_count(id).await)
            .await?;
        lines.push(format!("  {}, bookmarks: {count}", organization.name));
    }
    lines.extend(show_customer(db, "Ada, of Acme,", (&ada, &acme), &globex).await?);
    lines.extend(show_customer(db, "Grace, of Globex,", (&grace, &globex), &acme).await?);
    Ok(lines.join("\n"))
}

/// An organization with one member and some bookmarks, in one transaction: all of it or nothing.
async fn sign_up(
    db: &Database,
    name: &str,
    person: &str,
    sites: &[&str],
) -> Result<(OrganizationId, UserId), xact::Error> {
    let slug = name.to_lowercase();
    let username = person.to_lowercase();
    let email = format!("{username}@{slug}.example");
    db.xact_admin(async |q| {
        let organization = q.orm().organizations_create(name, &slug).await?.id;
        let user = UsersCreateParams {
            email: &email,
            username: &username,
            full_name: person,
            hashed_password: None,
            identity_extid: Some(&email),
            role: UserRole::User,
        };
        let user = q.orm().users_create(user).await?.id;
        let role = MembershipRole::Owner;
        q.orm()
            .memberships_create(&organization, &user, role)
            .await?;
        for site in sites {
            let url = format!("https://{site}/");
            let metadata = JsonValue::from_iter([("saved", "by hand")]);
            let mut orm = q.orm();
            let bookmark = orm.bookmarks_create(&organization, &url, site, site, &metadata);
            bookmark.await?;
        }
        Ok((organization, user))
    })
    .await
}

/// The rows that a customer sees of the own organization, and of another one: the queries are the same.
async fn show_customer(
    db: &Database,
    who: &str,
    (user, own): (&UserId, &OrganizationId),
    other: &OrganizationId,
) -> Result<Vec<String>, xact::Error> {
    let (organizations, own, other) = db
        .xact_customer(user, own, async |q| {
            let organizations = q.orm().organizations_list().await?;
            let bookmarks = q.orm().bookmarks_list(own).first(50).await?.rows;
            let others = q.orm().bookmarks_list(other).first(50).await?.rows;
            Ok::<_, xact::Error>((organizations, bookmarks, others))
        })
        .await?;
    let mut lines = vec![format!("{who} sees {} organization", organizations.len())];
    let bookmarks = own.iter();
    lines.extend(bookmarks.map(|bookmark| format!("  {} {}", bookmark.id, bookmark.url)));
    lines.push(format!(
        "  and {} bookmarks of the other organization, by the same query",
        other.len()
    ));
    Ok(lines)
}
