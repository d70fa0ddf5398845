//! A database with the migrations applied and two organizations in it, and the people who look at them.
//!
//! Every test has its own, so none sees the changes of another.

mod table;

use std::fmt::Debug;
use std::str::FromStr;

use xact::Xact;
use xact::sqlx::postgres::PgPoolOptions;
use xact::sqlx::{AssertSqlSafe, PgConnection, query_scalar, raw_sql};
use xact::testing::TestDatabase;

use database::Database;
use database::orm::Customer;
use database::types::{OrganizationId, UserId};

pub(crate) use self::table::{Table, tables_of_customers};

/// Someone, in the organization that they act in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Someone {
    user: &'static str,
    organization: &'static str,
}

impl Someone {
    pub(crate) fn user(self) -> UserId {
        id(self.user)
    }

    pub(crate) fn organization(self) -> OrganizationId {
        id(self.organization)
    }
}

const fn someone(user: &'static str, organization: &'static str) -> Someone {
    Someone { user, organization }
}

pub(crate) const ADA: Someone = someone("usr_ada", "org_acme");
pub(crate) const ALAN: Someone = someone("usr_alan", "org_acme");
pub(crate) const GRACE: Someone = someone("usr_grace", "org_globex");
/// Betty works for both organizations, and must not mix them up.
pub(crate) const BETTY_AT_ACME: Someone = someone("usr_betty", "org_acme");
pub(crate) const BETTY_AT_GLOBEX: Someone = someone("usr_betty", "org_globex");

/// Members of each organization, and one of both.
pub(crate) const MEMBERS: [Someone; 5] = [ADA, ALAN, GRACE, BETTY_AT_ACME, BETTY_AT_GLOBEX];

/// A migrated database, and the data layer on top of it.
pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) test: TestDatabase,
}

impl World {
    /// With the rows of `seed.sql`.
    pub(crate) async fn seeded() -> Self {
        let world = Self::empty().await;
        world.run(include_str!("seed.sql")).await;
        world
    }

    /// With the migrations only.
    pub(crate) async fn empty() -> Self {
        let test = TestDatabase::isolated().await.unwrap();
        let pool = PgPoolOptions::new().max_connections(4);
        let database = Database::new(xact::Pool::from_options(pool, test.options()));
        Self { database, test }
    }

    /// A connection of the superuser, who sees everything and for whom no policy holds.
    pub(crate) async fn owner(&self) -> PgConnection {
        self.test.connect().await.unwrap()
    }

    /// Runs SQL as the superuser.
    pub(crate) async fn run(&self, sql: &str) {
        raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut self.owner().await)
            .await
            .unwrap();
    }

    /// A transaction of someone in their organization.
    pub(crate) async fn customer(&self, who: Someone) -> Xact<Customer> {
        self.database
            .begin_customer(&who.user(), &who.organization())
            .await
            .unwrap()
    }

    /// The tables whose rows belong to an organization or user, from the catalog.
    pub(crate) async fn tables(&self) -> Vec<Table> {
        tables_of_customers(&mut self.owner().await).await
    }
}

/// The id of a row of `seed.sql`, or one that no row has.
pub(crate) fn id<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// The only column of every row, as text.
pub(crate) async fn texts(connection: &mut PgConnection, sql: String) -> Vec<String> {
    query_scalar(AssertSqlSafe(sql.clone()))
        .fetch_all(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
}

/// The only value of the only row.
pub(crate) async fn count(connection: &mut PgConnection, sql: String) -> i64 {
    query_scalar(AssertSqlSafe(sql.clone()))
        .fetch_one(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
}
