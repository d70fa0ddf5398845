//! Nothing that ran in one transaction is seen by the next.

mod changes;
mod outdated;
mod quiet;
mod reached;
mod stress;
mod texts;
mod through_pgbouncer;

use std::sync::Mutex;
use std::time::Duration;

use xact::generated::Query;
use xact::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use xact::testing::TestDatabase;
use xact::{Error, Pool, Scope, Xact};

use crate::orm::{Customer, Orm};
use crate::pgbouncer::PgBouncer;
use crate::server::SCHEMA;

/// What a transaction can see of its session.
static SNAPSHOT: Query = Query {
    name: "snapshot",
    file: "queries/session.sql",
    sql: include_str!("snapshot.sql"),
    parameters: &[],
    columns: &[25],
    names: "",
};

/// The rows that it sees by a name without a schema.
static ROWS: Query = Query {
    name: "rows",
    file: "queries/session.sql",
    sql: "SELECT tenant || ':' || body FROM rows_of ORDER BY 1",
    parameters: &[],
    columns: &[25],
    names: "",
};

/// Long enough to be dropped, and so short that what its session holds is soon free.
static SLEEP: Query = Query {
    name: "sleep",
    file: "queries/session.sql",
    sql: "SELECT pg_sleep(0.05)",
    parameters: &[],
    columns: &[],
    names: "",
};

/// A transaction of this tenant.
fn tenant(name: &str) -> Customer {
    Customer {
        user_id: format!("user of {name}"),
        organization_id: name.to_owned(),
    }
}

/// A new database with the schema of the tests and one more.
async fn database(schema: &str) -> PgConnectOptions {
    static LEASED: Mutex<Vec<TestDatabase>> = Mutex::new(Vec::new());
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in [("1_schema.up.sql", SCHEMA), ("2_session.up.sql", schema)] {
        std::fs::write(folder.path().join(name), sql).unwrap();
    }
    let test = TestDatabase::isolated_from(&folder).await.unwrap();
    let options = test.options().application_name("pool");
    LEASED.lock().unwrap().push(test);
    options
}

/// A pool to a new database with everything that can change a session, direct or through pgbouncer.
struct Setup {
    pool: Pool,
    direct: PgConnectOptions,
    bouncer: Option<PgBouncer>,
}

impl Setup {
    async fn direct(connections: u32) -> Self {
        let direct = database(include_str!("schema.sql")).await;
        Self {
            pool: pool(direct.clone(), connections),
            direct,
            bouncer: None,
        }
    }

    /// `None` where there is no pgbouncer.
    async fn through_pgbouncer(connections: u32) -> Option<Self> {
        let direct = database(include_str!("schema.sql")).await;
        let bouncer = PgBouncer::start(&direct, connections).await?;
        Some(Self {
            pool: pool(bouncer.options(), connections),
            direct,
            bouncer: Some(bouncer),
        })
    }

    /// Another pool of the same kind.
    fn another_pool(&self, connections: u32) -> Pool {
        let options = match &self.bouncer {
            Some(bouncer) => bouncer.options(),
            None => self.direct.clone(),
        };
        pool(options, connections)
    }
}

fn pool(options: PgConnectOptions, connections: u32) -> Pool {
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(20));
    Pool::from_options(pool, options)
}

async fn snapshot<S>(q: &mut Xact<S>) -> Result<String, Error>
where
    S: for<'a> Scope<Orm<'a> = Orm<'a, S>>,
{
    q.orm()
        .run
        .one(SNAPSHOT.arguments(), |row| row.get(0))
        .await
}

async fn rows<S>(q: &mut Xact<S>) -> Result<Vec<String>, Error>
where
    S: for<'a> Scope<Orm<'a> = Orm<'a, S>>,
{
    q.orm().run.many(ROWS.arguments(), |row| row.get(0)).await
}

/// The lines in which two snapshots differ.
fn difference(before: &str, after: &str) -> Vec<String> {
    let missing = before
        .lines()
        .filter(|line| !after.lines().any(|l| l == *line));
    let added = after
        .lines()
        .filter(|line| !before.lines().any(|l| l == *line));
    missing
        .map(|line| format!("-{line}"))
        .chain(added.map(|line| format!("+{line}")))
        .collect()
}

/// A query of a module with this text.
fn query(sql: &str) -> &'static Query {
    Box::leak(Box::new(Query {
        name: "change",
        file: "queries/session.sql",
        sql: sql.to_owned().leak(),
        parameters: &[],
        columns: &[],
        names: "",
    }))
}
