//! Random timeouts and panics over a small pool: no transaction ever sees anything of another.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use xact::sqlx::query_scalar;

use crate::orm::{Admin, Customer, Identity};
use crate::server::database;

const CONNECTIONS: u32 = 3;
const LONG_ENOUGH: Duration = Duration::from_secs(5);

/// Numbers that look random enough (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) % limit
    }
}

/// The actions of a tenant's transaction beside writing and reading its rows.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    Nothing,
    Savepoint,
    UndoneSavepoint,
    Lock,
    RawConnection,
    Panic,
}

const ACTS: [Act; 6] = [
    Act::Nothing,
    Act::Savepoint,
    Act::UndoneSavepoint,
    Act::Lock,
    Act::RawConnection,
    Act::Panic,
];

async fn as_tenant(pool: &xact::Pool, tenant: &str, act: Act) -> Result<(), xact::Error> {
    let expected = Identity {
        role: "xact_customer".to_owned(),
        user_id: format!("somebody of {tenant}"),
        organization_id: tenant.to_owned(),
    };
    let scope = Customer {
        user_id: expected.user_id.clone(),
        organization_id: tenant.to_owned(),
    };
    pool.xact(scope, async |q| {
        assert_eq!(q.orm().identity().await?, expected);
        q.orm().tenant_write(tenant).await?;
        match act {
            Act::Nothing => {}
            Act::Savepoint => {
                q.savepoint(async |q| q.orm().tenant_write(tenant).await)
                    .await?;
            }
            Act::UndoneSavepoint => {
                let refused = q.savepoint(async |q| q.orm().secrets_count().await).await;
                assert!(
                    refused
                        .unwrap_err()
                        .code()
                        .is_some_and(|code| code == "42501")
                );
            }
            Act::Lock => q.lock(tenant).await?,
            Act::RawConnection => {
                let one: i32 = query_scalar("SELECT 1").fetch_one(q.connection()).await?;
                assert_eq!(one, 1);
            }
            Act::Panic => std::panic::resume_unwind(Box::new("on purpose")),
        }
        assert_eq!(q.orm().tenant_read().await?, [tenant]);
        assert_eq!(q.orm().identity().await?, expected);
        Ok(())
    })
    .await
}

async fn as_admin(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(Admin).await?;
    let identity = q.orm().identity().await?;
    let set = (identity.user_id.as_str(), identity.organization_id.as_str());
    assert_eq!((identity.role.as_str(), set), ("postgres", ("", "")));
    q.commit().await
}

/// How the transactions of one task ended.
#[derive(Default)]
struct Ended {
    dropped: u32,
    panicked: u32,
    completed: u32,
}

async fn task(pool: xact::Pool, seed: u64) -> Ended {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let tenant = if seed.is_multiple_of(2) {
        "acme"
    } else {
        "globex"
    };
    let mut ended = Ended::default();
    let end = Instant::now() + LONG_ENOUGH;
    while Instant::now() < end {
        let act = ACTS[usize::try_from(random.below(6)).unwrap()];
        // Half of them give up early: while connecting, in the transaction, or at its end.
        let patience = if random.below(2) == 0 {
            60_000_000
        } else {
            random.below(10_000)
        };
        let run = async {
            if random.below(4) == 0 {
                as_admin(&pool).await
            } else {
                as_tenant(&pool, tenant, act).await
            }
        };
        let run = tokio::time::timeout(Duration::from_micros(patience), run);
        match AssertUnwindSafe(run).catch_unwind().await {
            Err(panic) => {
                // Every panic that was not intended is a failure.
                assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
                ended.panicked += 1;
            }
            Ok(Ok(result)) => {
                result.unwrap();
                ended.completed += 1;
            }
            Ok(Err(_elapsed)) => ended.dropped += 1,
        }
    }
    ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_timeouts_and_panics_never_mix_transactions_or_tenants() {
    let (pool, mut observer) = database(CONNECTIONS).await;
    let tasks: Vec<_> = (1..=6)
        .map(|seed| tokio::spawn(task(pool.clone(), seed)))
        .collect();
    let mut all = Ended::default();
    for task in tasks {
        let ended = task.await.unwrap();
        all.dropped += ended.dropped;
        all.panicked += ended.panicked;
        all.completed += ended.completed;
    }
    let counts = [all.dropped, all.panicked, all.completed];
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
    observer.quiet().await;
    observer.unlocked().await;
    // Every connection at once, so that each is looked at.
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut q = pool.begin(Admin).await.unwrap();
        assert_eq!(q.orm().identity().await.unwrap().role, "postgres");
        taken.push(q);
    }
    for q in taken {
        q.rollback().await.unwrap();
    }
    let crossed = "SELECT count(*) FROM rows_of_tenants WHERE word <> organization_id";
    let crossed: i64 = query_scalar(crossed)
        .fetch_one(&mut observer.0)
        .await
        .unwrap();
    assert_eq!(crossed, 0);
}
