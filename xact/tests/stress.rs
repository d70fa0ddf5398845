//! Random timeouts over a small pool: no transaction ever sees anything of another.

use std::time::{Duration, Instant};

use crate::orm::{Admin, Identity, customer};
use crate::server::database;

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

async fn as_customer(pool: &xact::Pool, name: &str) -> Result<(), xact::Error> {
    let expected = Identity {
        role: "xact_customer".to_owned(),
        user_id: name.to_owned(),
        organization_id: "acme".to_owned(),
    };
    pool.xact(customer(name), async |q| {
        assert_eq!(q.orm().identity().await?, expected);
        q.orm().users_list(0).await?;
        assert_eq!(q.orm().identity().await?, expected);
        Ok(())
    })
    .await
}

async fn as_admin(pool: &xact::Pool) -> Result<(), xact::Error> {
    let mut q = pool.begin(Admin).await?;
    let identity = q.orm().identity().await?;
    assert_eq!(
        (identity.role.as_str(), identity.user_id.as_str()),
        ("postgres", "")
    );
    q.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_timeouts_never_mix_transactions() {
    let (pool, mut observer) = database(3).await;
    let end = Instant::now() + Duration::from_secs(3);
    let tasks: Vec<_> = (1..=6_u64)
        .map(|task| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut random = Random(task.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                let (mut dropped, mut completed) = (0, 0);
                while Instant::now() < end {
                    let name = format!("task {task} run {}", dropped + completed);
                    // Half of them give up early: while connecting, in the transaction, or at its end.
                    let patience = if random.below(2) == 0 {
                        1_000_000
                    } else {
                        random.below(10_000)
                    };
                    let patience = Duration::from_micros(patience);
                    let run = async {
                        if random.below(3) == 0 {
                            as_admin(&pool).await
                        } else {
                            as_customer(&pool, &name).await
                        }
                    };
                    match tokio::time::timeout(patience, run).await {
                        Ok(result) => {
                            result.unwrap();
                            completed += 1;
                        }
                        Err(_) => dropped += 1,
                    }
                }
                (dropped, completed)
            })
        })
        .collect();
    let (mut dropped, mut completed) = (0, 0);
    for task in tasks {
        let counts = task.await.unwrap();
        dropped += counts.0;
        completed += counts.1;
    }
    assert!(
        dropped > 20 && completed > 20,
        "dropped {dropped}, completed {completed}"
    );
    observer.quiet().await;
    for _ in 0..3 {
        as_admin(&pool).await.unwrap();
    }
}
