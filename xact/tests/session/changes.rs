//! Every statement that changes its session, in every way that a query can run it, and every end of its transaction.

use std::time::Duration;

use xact::sqlx::{Postgres, QueryBuilder};
use xact::{Error, Pool, Retry};

use super::{SLEEP, Setup, difference, query, rows, snapshot, tenant};
use crate::orm::Admin;

/// Statements that change their session for longer than a transaction.
pub(super) const CHANGES: &[&str] = &[
    "SELECT set_config('app.staff', 'yes', false)",
    "SET app.staff = 'yes'",
    "SET SESSION app.staff TO 'yes'",
    "CREATE TEMP TABLE rows_of (tenant text, body text)",
    "CREATE TEMP VIEW rows_of AS SELECT 'x'::text AS tenant, 'x'::text AS body",
    "SELECT tenant, body INTO TEMP rows_of FROM rows_of",
    "SELECT pg_advisory_lock(7)",
    "SELECT pg_advisory_lock_shared(8), pg_try_advisory_lock(9)",
    "LISTEN orders",
    "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM rows_of",
    "SET ROLE xact_staff",
    "SET SESSION AUTHORIZATION xact_outsider",
    "SET search_path = evil, public",
    "SET row_security = off",
    "SET default_transaction_read_only = on",
    "SET default_transaction_isolation = 'serializable'",
    "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET client_encoding = 'SJIS'",
    "SET client_encoding = 'LATIN1'",
    "SET DateStyle = 'SQL, DMY'",
    "SET TimeZone = 'Asia/Tokyo'",
    "SET bytea_output = 'escape'",
    "SET standard_conforming_strings = off",
    "SET statement_timeout = '59s'",
    "SET application_name = 'eve'",
    "PREPARE mine AS SELECT 1",
    "PREPARE sqlx_s_1 AS SELECT 'stolen'",
    "PREPARE sqlx_s_4 AS SELECT 'stolen'",
    "PREPARE \"PGBOUNCER_9\" AS SELECT 'stolen'",
    "DEALLOCATE ALL",
    "DEALLOCATE sqlx_s_2",
    "DEALLOCATE \"PGBOUNCER_1\"",
    "DISCARD PLANS",
    "UPDATE pg_settings SET setting = 'evil, public' WHERE name = 'search_path'",
    "SELECT setseed(0.5)",
    "SELECT nextval('numbers')",
];

/// How a statement comes to be run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Function,
    DefinerFunction,
    Trigger,
    Do,
    Query,
    Rule,
    Default,
    Dynamic,
}

pub(super) const WAYS: [Way; 8] = [
    Way::Function,
    Way::DefinerFunction,
    Way::Trigger,
    Way::Do,
    Way::Query,
    Way::Rule,
    Way::Default,
    Way::Dynamic,
];

/// How its transaction ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    Commit,
    Rollback,
    Error,
    Drop,
    DroppedCall,
    KeptSavepoint,
    UndoneSavepoint,
}

pub(super) const ENDS: [End; 7] = [
    End::Commit,
    End::Rollback,
    End::Error,
    End::Drop,
    End::DroppedCall,
    End::KeptSavepoint,
    End::UndoneSavepoint,
];

type Tenant = xact::Xact<crate::orm::Customer>;

async fn execute(q: &mut Tenant, sql: &str) -> Result<(), Error> {
    q.orm().run.execute(query(sql).arguments()).await.map(drop)
}

/// Runs the statement that way.
async fn change(q: &mut Tenant, way: Way, sql: &str) -> Result<(), Error> {
    let literal = format!("'{}'", sql.replace('\'', "''"));
    let statement = match way {
        Way::Function => format!("SELECT run({literal})"),
        Way::DefinerFunction => format!("SELECT run_as_owner({literal})"),
        Way::Trigger => format!("INSERT INTO triggered VALUES ({literal})"),
        Way::Do => format!("DO $do$ BEGIN EXECUTE {literal}; END $do$"),
        Way::Query => sql.to_owned(),
        Way::Rule => format!("INSERT INTO ruled VALUES ({literal})"),
        Way::Default => {
            execute(
                q,
                &format!("SELECT set_config('app.command', {literal}, true)"),
            )
            .await?;
            "INSERT INTO defaulted (id) VALUES (1)".to_owned()
        }
        Way::Dynamic => {
            let statement = format!("SELECT run({literal})");
            let statement = QueryBuilder::<Postgres>::new(statement);
            return q.sql("change", statement).execute().await.map(drop);
        }
    };
    execute(q, &statement).await
}

/// One transaction of this tenant that changes its session.
pub(super) async fn run(
    pool: &Pool,
    name: &str,
    way: Way,
    sql: &str,
    end: End,
) -> Result<(), Error> {
    let mut q = pool.begin(tenant(name)).await?;
    rows(&mut q).await?;
    match end {
        End::KeptSavepoint => q.savepoint(async |q| change(q, way, sql).await).await?,
        End::UndoneSavepoint => {
            let undone = q.savepoint(async |q| {
                change(q, way, sql).await?;
                execute(q, "SELECT 1 / 0").await
            });
            undone.await.unwrap_err();
        }
        _ => change(&mut q, way, sql).await?,
    }
    match end {
        End::Commit | End::KeptSavepoint | End::UndoneSavepoint => q.commit().await,
        End::Rollback => q.rollback().await,
        End::Error => {
            execute(&mut q, "SELECT 1 / 0").await.unwrap_err();
            q.rollback().await
        }
        End::Drop => {
            drop(q);
            Ok(())
        }
        End::DroppedCall => {
            let mut orm = q.orm();
            let slow = orm.run.execute(SLEEP.arguments());
            // It ends by itself only if the change made it fail.
            let _dropped = tokio::time::timeout(Duration::from_millis(1), slow).await;
            Ok(())
        }
    }
}

/// What the next transactions see: an admin, and a customer of another tenant.
struct Expected {
    admin: String,
    customer: String,
}

impl Expected {
    /// What the first transactions of new sessions see.
    async fn of(setup: &Setup) -> Self {
        let admin = setup.another_pool(1);
        let customer = setup.another_pool(1);
        let retry = Retry::times(5);
        Self {
            admin: admin
                .retry(retry, Admin, async |q| snapshot(q).await)
                .await
                .unwrap(),
            customer: customer
                .retry(retry, tenant("b"), async |q| snapshot(q).await)
                .await
                .unwrap(),
        }
    }

    /// `retry` is how often a transaction may be told to try again.
    async fn check(&self, pool: &Pool, retry: Retry) -> Vec<String> {
        let mut wrong = Vec::new();
        let customer = pool.retry(retry, tenant("b"), async |q| {
            Ok::<_, Error>((rows(q).await?, snapshot(q).await?))
        });
        match customer.await {
            Err(error) => wrong.push(format!("customer: {error}")),
            Ok((rows, snapshot)) => {
                if rows != ["b:of b"] {
                    wrong.push(format!("customer sees {rows:?}"));
                }
                wrong.extend(difference(&self.customer, &snapshot));
            }
        }
        let admin = pool.retry(retry, Admin, async |q| {
            Ok::<_, Error>((rows(q).await?, snapshot(q).await?))
        });
        match admin.await {
            Err(error) => wrong.push(format!("admin: {error}")),
            Ok((rows, snapshot)) => {
                if rows != ["a:secret of a", "b:of b"] {
                    wrong.push(format!("admin sees {rows:?}"));
                }
                wrong.extend(difference(&self.admin, &snapshot));
            }
        }
        wrong
    }
}

/// Runs all of it, and gives what the next transactions saw wrong.
async fn run_all(setup: &Setup, retry: Retry) -> Vec<String> {
    let expected = Expected::of(setup).await;
    let mut wrong = Vec::new();
    let by_way = CHANGES
        .iter()
        .flat_map(|sql| WAYS.map(|way| (*sql, way, End::Commit)));
    // Three ends for each change, so that each end has half of the changes.
    let by_end = CHANGES.iter().enumerate().flat_map(|(number, sql)| {
        [0, 2, 4].map(|step| (*sql, Way::Function, ENDS[(number + step) % ENDS.len()]))
    });
    let mut changed = 0;
    for (sql, way, end) in by_way.chain(by_end) {
        changed += usize::from(run(&setup.pool, "a", way, sql, end).await.is_ok());
        for problem in expected.check(&setup.pool, retry).await {
            wrong.push(format!("{sql} by {way:?}, {end:?}: {problem}"));
        }
    }
    // A few are refused: SET ROLE in a definer's function, say.
    assert!(changed > 300, "only {changed} changes were not refused");
    wrong
}

#[tokio::test]
async fn no_change_of_a_session_reaches_the_next_transaction() {
    let setup = Setup::direct(1).await;
    let wrong = run_all(&setup, Retry::times(0)).await;
    assert!(
        wrong.is_empty(),
        "{} times:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn no_change_of_a_session_reaches_the_next_transaction_through_pgbouncer() {
    let Some(setup) = Setup::through_pgbouncer(1).await else {
        return;
    };
    // A statement that pgbouncer believes prepared and that a function has dropped is an error that says to try again.
    let wrong = run_all(&setup, Retry::times(5)).await;
    assert!(
        wrong.is_empty(),
        "{} times:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn a_statement_that_took_the_name_of_another_is_not_run_in_its_place() {
    let steal = "DO $do$ DECLARE n text; BEGIN \
        FOR n IN SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT tenant%' LOOP \
            EXECUTE format('DEALLOCATE %I', n); \
            EXECUTE format('PREPARE %I AS SELECT ''a:stolen''::text', n); \
        END LOOP; END $do$";
    let mut setups = vec![Setup::direct(1).await];
    setups.extend(Setup::through_pgbouncer(1).await);
    for setup in setups {
        let mut q = setup.pool.begin(tenant("a")).await.unwrap();
        assert_eq!(rows(&mut q).await.unwrap(), ["a:secret of a"]);
        execute(&mut q, steal).await.unwrap();
        assert_eq!(rows(&mut q).await.unwrap(), ["a:stolen"], "it was replaced");
        q.commit().await.unwrap();
        for _ in 0..3 {
            let seen = setup
                .pool
                .xact(tenant("b"), async |q| rows(q).await)
                .await
                .unwrap();
            assert_eq!(seen, ["b:of b"]);
        }
    }
}

#[tokio::test]
async fn the_seed_of_random_numbers_is_not_that_of_the_transaction_before() {
    let setup = Setup::direct(1).await;
    let random = async || {
        let random = setup.pool.xact(Admin, async |q| {
            q.sql("random", "SELECT random()").value::<f64>().await
        });
        random.await.unwrap()
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        run(
            &setup.pool,
            "a",
            Way::Function,
            "SELECT setseed(0.5)",
            End::Commit,
        )
        .await
        .unwrap();
        seen.push(random().await);
    }
    let bits: Vec<u64> = seen.iter().map(|seen: &f64| seen.to_bits()).collect();
    assert!(bits[0] != bits[1] && bits[1] != bits[2], "{seen:?}");
}
