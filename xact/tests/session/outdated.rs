//! Prepared statements that the server no longer knows, or that a migration has made wrong.

use xact::generated::Query;
use xact::sqlx::encode::IsNull;
use xact::sqlx::error::BoxDynError;
use xact::sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use xact::sqlx::{ConnectOptions as _, Encode, Executor as _, PgConnection, Postgres, Type};
use xact::{Error, Pool, Retry, Xact};

use super::{Setup, query, rows, tenant};
use crate::orm::Admin;

static WIDE: Query = Query {
    name: "wide",
    file: "queries/wide.sql",
    sql: "SELECT * FROM secrets",
    parameters: &[],
    columns: &[0],
    names: "",
};

static COUNT: Query = Query {
    name: "count",
    file: "queries/moods.sql",
    sql: "SELECT count(*) FROM users WHERE mood = $1",
    parameters: &[0],
    columns: &[20],
    names: "",
};

struct Calm;

impl Type<Postgres> for Calm {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("public.mood")
    }
}

impl Encode<'_, Postgres> for Calm {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <&str as Encode<Postgres>>::encode("calm", buffer)
    }
}

async fn wide(q: &mut Xact<Admin>) -> Result<Option<String>, Error> {
    q.orm()
        .run
        .optional(WIDE.arguments(), |row| row.get(0))
        .await
}

async fn count(q: &mut Xact<Admin>) -> Result<i64, Error> {
    let arguments = COUNT.arguments().push(Calm);
    q.orm().run.one(arguments, |row| row.get(0)).await
}

async fn migrate(setup: &Setup, sql: &'static str) {
    let mut owner: PgConnection = setup.direct.connect().await.unwrap();
    owner.execute(sql).await.unwrap();
}

const WIDER: &str = "ALTER TABLE secrets ALTER word TYPE varchar(10)";
const RECREATE: &str = "ALTER TABLE users ALTER mood TYPE text; DROP TYPE mood; CREATE TYPE mood AS ENUM ('calm', 'busy', 'new'); \
    ALTER TABLE users ALTER mood TYPE mood USING mood::mood";

#[tokio::test]
async fn a_first_statement_that_a_migration_has_changed_is_prepared_again() {
    let setup = Setup::direct(1).await;
    let pool = &setup.pool;
    pool.xact(Admin, async |q| wide(q).await).await.unwrap();
    pool.xact(Admin, async |q| count(q).await).await.unwrap();
    migrate(&setup, WIDER).await;
    pool.xact(Admin, async |q| wide(q).await).await.unwrap();
    migrate(&setup, RECREATE).await;
    pool.xact(Admin, async |q| count(q).await).await.unwrap();
    assert_eq!(pool.size(), 1);
}

// The text of `||` is the same, so this one is made to differ.
static BODY: Query = Query {
    name: "body",
    file: "queries/rows.sql",
    sql: "SELECT body FROM rows_of",
    parameters: &[],
    columns: &[0],
    names: "",
};

#[tokio::test]
async fn it_begins_again_in_its_scope_and_what_follows_is_committed() {
    let setup = Setup::direct(1).await;
    let pool = &setup.pool;
    pool.xact(tenant("a"), async |q| rows(q).await)
        .await
        .unwrap();
    migrate(
        &setup,
        "ALTER TABLE rows_of ALTER body TYPE varchar(20); GRANT INSERT ON rows_of TO xact_customer",
    )
    .await;
    let body = async |q: &mut Xact<crate::orm::Customer>| {
        q.orm()
            .run
            .many(BODY.arguments(), |row| row.get::<String>(0))
            .await
    };
    assert_eq!(pool.xact(tenant("a"), body).await.unwrap(), ["secret of a"]);
    migrate(&setup, "ALTER TABLE rows_of ALTER body TYPE text").await;
    let insert =
        query("INSERT INTO rows_of VALUES (current_setting('app.organization_id'), 'new')");
    let seen = pool.xact(tenant("a"), async |q| {
        let seen = body(q).await?;
        q.orm().run.execute(insert.arguments()).await?;
        Ok::<_, Error>(seen)
    });
    assert_eq!(seen.await.unwrap(), ["secret of a"]);
    let seen = pool
        .xact(tenant("a"), async |q| rows(q).await)
        .await
        .unwrap();
    assert_eq!(seen, ["a:new", "a:secret of a"]);
}

/// In the middle of a transaction, and of a savepoint.
#[tokio::test]
async fn a_later_statement_is_an_error_that_says_to_try_again_once_for_all_connections() {
    let setup = Setup::direct(4).await;
    let pool = &setup.pool;
    let both = async |q: &mut Xact<Admin>| {
        q.orm().users_list(0).await?;
        wide(q).await?;
        count(q).await
    };
    for migration in [WIDER, RECREATE] {
        prepare_on_all(pool).await;
        migrate(&setup, migration).await;
        let error = pool.xact(Admin, both).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        for _ in 0..8 {
            let mut q = pool.begin(Admin).await.unwrap();
            let mut other = pool.begin(Admin).await.unwrap();
            both(&mut q).await.unwrap();
            both(&mut other).await.unwrap();
            q.commit().await.unwrap();
            other.commit().await.unwrap();
        }
        migrate(&setup, "ALTER TABLE secrets ALTER word TYPE text").await;
        let retried = pool.retry(Retry::times(2), Admin, both).await;
        retried.unwrap();
    }
}

async fn prepare_on_all(pool: &Pool) {
    let mut open = Vec::new();
    for _ in 0..4 {
        let mut q = pool.begin(Admin).await.unwrap();
        wide(&mut q).await.unwrap();
        count(&mut q).await.unwrap();
        q.orm().users_list(0).await.unwrap();
        open.push(q);
    }
    for q in open {
        q.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_statement_that_a_function_has_dropped_is_prepared_again() {
    let setup = Setup::direct(1).await;
    let pool = &setup.pool;
    for _ in 0..2 {
        pool.xact(tenant("a"), async |q| {
            rows(q).await?;
            q.orm()
                .run
                .execute(query("SELECT run('DEALLOCATE ALL')").arguments())
                .await
        })
        .await
        .unwrap();
        let seen = pool.xact(tenant("b"), async |q| rows(q).await).await;
        assert_eq!(seen.unwrap(), ["b:of b"]);
    }
}

#[tokio::test]
async fn through_pgbouncer_a_migration_is_an_error_that_says_to_try_again() {
    let Some(setup) = Setup::through_pgbouncer(3).await else {
        return;
    };
    let pool = &setup.pool;
    for migration in [WIDER, RECREATE] {
        prepare_some(pool).await;
        migrate(&setup, migration).await;
        for _ in 0..20 {
            let both = async |q: &mut Xact<Admin>| {
                wide(q).await?;
                count(q).await
            };
            pool.retry(Retry::times(5), Admin, both).await.unwrap();
        }
    }
}

async fn prepare_some(pool: &Pool) {
    let mut open = Vec::new();
    for _ in 0..3 {
        let mut q = pool.begin(Admin).await.unwrap();
        wide(&mut q).await.unwrap();
        count(&mut q).await.unwrap();
        open.push(q);
    }
    for q in open {
        q.commit().await.unwrap();
    }
}
