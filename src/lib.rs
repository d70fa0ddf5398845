//! The reference data layer: migrations, queries, and the module generated from them.
//!
//! `migrations/` and `queries/` are written by hand, [`orm`] is generated from them. Every query
//! is a method of [`Orm`](orm::Orm), and runs inside a transaction with a scope:
//!
//! - [`Database::xact_admin`] sees everything.
//! - [`Database::xact_customer`] sees the data of one organization, through the eyes of one of its
//!   members. Row-level security in Postgres sees to it, not the `WHERE` of a query.
//!
//! ```no_run
//! use database::types::UserId;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let db = database::Database::connect("postgres://localhost/app").await?;
//!
//! let organizations = db.xact_admin(async |q| q.orm().organizations_list().await).await?;
//! let organization = &organizations[0];
//!
//! let user_id: UserId = "usr_019438d6e1f07c5cb9a7d1c3b2a4f5e6".parse()?;
//! let page = db
//!     .xact_customer(&user_id, &organization.id, async |q| {
//!         q.orm().bookmarks_list(&organization.id).first(50).await
//!     })
//!     .await?;
//! for bookmark in page.rows {
//!     println!("{} from {:?}", bookmark.url, bookmark.import_filename);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The id of one table is not accepted for that of another. This counts the bookmarks of an organization:
//!
//! ```
//! # use database::{orm::Customer, types::OrganizationId};
//! # async fn example(q: &mut xact::Xact<Customer>, id: &OrganizationId) -> Result<i64, xact::Error> {
//! q.orm().bookmarks_count(id).await
//! # }
//! ```
//!
//! With the id of a user in its place it does not compile:
//!
//! ```compile_fail,E0308
//! # use database::{orm::Customer, types::UserId};
//! # async fn example(q: &mut xact::Xact<Customer>, id: &UserId) -> Result<i64, xact::Error> {
//! q.orm().bookmarks_count(id).await
//! # }
//! ```
//!
//! SQL that is made at run time runs in the same transactions, and takes its names from [`orm::names`]:
//!
//! ```
//! # use database::orm::{Customer, names::Bookmarks};
//! # use xact::sqlx::QueryBuilder;
//! # async fn example(q: &mut xact::Xact<Customer>, title: &str) -> Result<Vec<String>, xact::Error> {
//! let mut filter = QueryBuilder::new("SELECT ");
//! filter.push(Bookmarks::Url).push(" FROM ").push(Bookmarks::TABLE);
//! filter.push(" WHERE ").push(Bookmarks::Title).push(" ILIKE ").push_bind(title);
//! q.sql("bookmarks_filter", filter).values().await
//! # }
//! ```
//!
//! After the migration that renames a column, the old name does not compile:
//!
//! ```compile_fail,E0599
//! # use database::orm::{Customer, names::Bookmarks};
//! # use xact::sqlx::QueryBuilder;
//! # async fn example(q: &mut xact::Xact<Customer>, title: &str) -> Result<Vec<String>, xact::Error> {
//! let mut filter = QueryBuilder::new("SELECT ");
//! filter.push(Bookmarks::Url).push(" FROM ").push(Bookmarks::TABLE);
//! filter.push(" WHERE ").push(Bookmarks::Headline).push(" ILIKE ").push_bind(title);
//! q.sql("bookmarks_filter", filter).values().await
//! # }
//! ```

pub mod orm;

pub use orm::{Constraint, Database, types};

/// The guide's Rust, compiled as documentation tests.
#[cfg(doctest)]
mod guide {
    #[doc = include_str!("../docs/src/beside_sqlx.md")]
    pub mod beside_sqlx {}
    #[doc = include_str!("../docs/src/coming_from_sqlalchemy.md")]
    pub mod coming_from_sqlalchemy {}
    #[doc = include_str!("../docs/src/deployment.md")]
    pub mod deployment {}
    #[doc = include_str!("../docs/src/filters.md")]
    pub mod filters {}
    #[doc = include_str!("../docs/src/production_migrations.md")]
    pub mod production_migrations {}
    #[doc = include_str!("../docs/src/testing.md")]
    pub mod testing {}
    #[doc = include_str!("../docs/src/transactions.md")]
    pub mod transactions {}
}
