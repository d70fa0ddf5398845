//! Transactions of two tenants that change their sessions at random, on a few connections: none sees anything of another.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use xact::{Error, Pool};

use super::changes::{CHANGES, ENDS, End, WAYS, run};
use super::{Setup, difference, rows, snapshot, tenant};

const CONNECTIONS: u32 = 3;
const TASKS: usize = 6;

/// How many transactions there are, unless `XACT_SESSION_STRESS` says.
const TRANSACTIONS: usize = 600;

fn transactions() -> usize {
    let given = std::env::var("XACT_SESSION_STRESS").ok();
    given.map_or(TRANSACTIONS, |number| number.parse().unwrap())
}

/// Counts of one run.
#[derive(Default)]
struct Counts {
    changed: AtomicUsize,
    refused: AtomicUsize,
    looked: AtomicUsize,
    told_to_retry: AtomicUsize,
}

/// What was seen of others.
async fn stress(setup: &Setup) -> Vec<String> {
    let total = transactions();
    let expected = snapshots(setup).await;
    let counts = Counts::default();
    let tasks = (0..TASKS).map(|task| {
        let (pool, expected, counts) = (&setup.pool, &expected, &counts);
        async move {
            let mut wrong = Vec::new();
            for turn in 0..total / TASKS / 2 {
                let name = if turn % 2 == task % 2 { "a" } else { "b" };
                change(pool, name, counts).await;
                let other = usize::from(name == "a");
                wrong.extend(look(pool, other, &expected[other], counts).await);
                if wrong.len() > 20 {
                    break;
                }
            }
            wrong
        }
    });
    let wrong = join_all(tasks).await.into_iter().flatten().collect();
    println!(
        "{} transactions changed their session, {} were refused, {} looked, {} were told to try again",
        counts.changed.into_inner(),
        counts.refused.into_inner(),
        counts.looked.into_inner(),
        counts.told_to_retry.into_inner(),
    );
    wrong
}

async fn snapshots(setup: &Setup) -> [String; 2] {
    let mut found = [String::new(), String::new()];
    for (name, found) in ["a", "b"].into_iter().zip(&mut found) {
        let pool = setup.another_pool(1);
        *found = pool
            .xact(tenant(name), async |q| snapshot(q).await)
            .await
            .unwrap();
    }
    found
}

async fn change(pool: &Pool, name: &str, counts: &Counts) {
    let sql = CHANGES[fastrand::usize(..CHANGES.len())];
    let way = WAYS[fastrand::usize(..WAYS.len())];
    let end = match ENDS[fastrand::usize(..ENDS.len())] {
        // Each costs a connection, so that they would be most of the work.
        End::DroppedCall if fastrand::u8(..) > 20 => End::Commit,
        end => end,
    };
    let count = match run(pool, name, way, sql, end).await {
        Ok(()) => &counts.changed,
        Err(_) => &counts.refused,
    };
    count.fetch_add(1, Ordering::Relaxed);
}

async fn look(pool: &Pool, tenant_number: usize, expected: &str, counts: &Counts) -> Vec<String> {
    let name = ["a", "b"][tenant_number];
    for _ in 0..50 {
        let seen = pool.xact(tenant(name), async |q| {
            Ok::<_, Error>((rows(q).await?, snapshot(q).await?))
        });
        match seen.await {
            // A pooler's statement that a function has dropped.
            Err(error) if error.is_retryable() => {
                counts.told_to_retry.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => return vec![format!("{name}: {error}")],
            Ok((rows, snapshot)) => {
                counts.looked.fetch_add(1, Ordering::Relaxed);
                let own = ["a:secret of a", "b:of b"][tenant_number];
                let mut wrong = difference(expected, &snapshot);
                if rows != [own] {
                    wrong.push(format!("{name} sees {rows:?}"));
                }
                return wrong;
            }
        }
    }
    vec![format!("{name} was told to try again too often")]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tenants_who_change_their_sessions_see_nothing_of_each_other() {
    let setup = Setup::direct(CONNECTIONS).await;
    let wrong = stress(&setup).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tenants_who_change_their_sessions_see_nothing_of_each_other_through_pgbouncer() {
    let Some(setup) = Setup::through_pgbouncer(CONNECTIONS).await else {
        return;
    };
    let wrong = stress(&setup).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
