//! The facts that a pool keeps about its sessions: about all of them, and about each.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::Instant;

use super::{Environment, may_act_at_commit, may_define, may_outlive};
use crate::query::Query;

/// How long an [`Environment`] is believed, because other programs create functions meanwhile. To read it again costs a
/// few milliseconds if nothing has changed.
const BELIEVED: Duration = Duration::from_secs(10);

/// The facts that all connections of a pool share.
#[derive(Default)]
pub(crate) struct Shared {
    /// How often prepared statements turned out to be outdated.
    outdated: AtomicUsize,
    learnt: Mutex<Learnt>,
    /// Judgements of the queries of modules, by the addresses of their texts.
    judged: RwLock<HashMap<usize, (u64, Judgement), BuildHasherDefault<AddressHasher>>>,
}

#[derive(Default)]
struct Learnt {
    environment: Arc<Environment>,
    /// When it was read; `None` if it is to be read now.
    since: Option<Instant>,
}

/// The effects that a statement may have on later transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// It may leave something in its session that only the thorough reset finds.
    pub(crate) outlives: bool,
    /// It may change the functions that other statements reach.
    pub(crate) defines: bool,
    /// Its transaction may have an effect at COMMIT that its caller waits for, even if it only reads.
    pub(crate) acts_at_commit: bool,
}

/// The facts about one session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Whether a statement of the last transaction may have left something that only the thorough reset finds.
    pub(crate) suspect: bool,
    /// [`Shared::outdated`] when its statements were last forgotten.
    pub(crate) forgot: usize,
    /// [`Environment::generation`] when it was last reset.
    pub(crate) generation: u64,
}

/// Of a connection whose past is not known.
impl Default for Known {
    fn default() -> Self {
        Self {
            suspect: true,
            forgot: 0,
            generation: 0,
        }
    }
}

impl Shared {
    /// Has every connection forget its prepared statements before the next transaction on it.
    pub(crate) fn outdate_statements(&self) {
        self.outdated.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn outdated(&self) -> usize {
        self.outdated.load(Ordering::Relaxed)
    }

    pub(crate) fn environment(&self) -> Arc<Environment> {
        Arc::clone(&self.learnt().environment)
    }

    /// [`Environment::direct`] by the last reading.
    pub(crate) fn is_direct(&self) -> bool {
        self.learnt().environment.direct
    }

    /// Judges a query of a module. Its text never changes, so the judgement is kept while the environment is the same.
    pub(crate) fn judge_query(&self, query: &'static Query) -> Judgement {
        let generation = self.learnt().environment.generation;
        // By address: the text is a `static` of the program, and its judgement is asked for with
        // every call.
        let address = query.sql.as_ptr().addr();
        let judged = self.judged.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, judgement)) = judged.get(&address)
            && *known == generation
        {
            return *judgement;
        }
        drop(judged);
        let environment = self.environment();
        let judgement = judge_statement(query.sql, &environment);
        let mut judged = self.judged.write().unwrap_or_else(PoisonError::into_inner);
        judged.insert(address, (environment.generation, judgement));
        judgement
    }

    /// Judges a statement that was made at run time.
    pub(crate) fn judge_statement(&self, sql: &str) -> Judgement {
        judge_statement(sql, &self.environment())
    }

    /// Whether the environment is to be read now; true for one caller at a time.
    pub(crate) fn claim_reading(&self) -> bool {
        let mut learnt = self.learnt();
        if learnt.since.is_some_and(|since| since.elapsed() < BELIEVED) {
            return false;
        }
        // Until it is read, everyone else goes on with the last answer.
        learnt.since = Some(Instant::now());
        true
    }

    /// Remembers the answer of a reading.
    pub(crate) fn learn(&self, environment: Environment) {
        let mut learnt = self.learnt();
        learnt.environment = Arc::new(environment);
        learnt.since = Some(Instant::now());
    }

    /// Has the environment read before the next transaction, because a statement may have changed it.
    pub(crate) fn expire_environment(&self) {
        self.learnt().since = None;
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        // Nothing that holds the lock can leave it half done.
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn judge_statement(sql: &str, environment: &Environment) -> Judgement {
    Judgement {
        outlives: may_outlive(sql) || environment.reach.includes(sql),
        defines: may_define(sql),
        acts_at_commit: may_act_at_commit(sql),
    }
}

/// Hashes an address. The program chooses its addresses, not its users, so a hash that no one can predict, as that of the standard
/// library, would cost each call and protect nothing.
#[derive(Default)]
struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((*byte).into());
        }
    }

    fn write_u64(&mut self, number: u64) {
        // Fibonacci hashing, 2^64 by the golden ratio: `HashMap` takes its groups from the low bits and tells entries apart by the
        // highest, and texts are aligned, so that the low bits of their addresses alone would be few.
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed.rotate_left(32);
    }

    fn write_usize(&mut self, address: usize) {
        self.write_u64(u64::try_from(address).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
