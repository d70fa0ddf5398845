//! What is known of the sessions of a pool: all of them together, and each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::Instant;

use super::{Environment, may_outlive};
use crate::query::Query;

/// How long an [`Environment`] is believed. A migration may create functions meanwhile, so it is not for ever.
const BELIEVED: Duration = Duration::from_mins(1);

/// What all connections of a pool share.
#[derive(Default)]
pub(crate) struct Shared {
    /// How often prepared statements turned out to be outdated.
    outdated: AtomicUsize,
    environment: Mutex<Option<(Environment, Instant)>>,
    /// What [`may_outlive`] says of the queries of modules, by the addresses of their texts.
    judged: RwLock<HashMap<usize, bool>>,
}

/// What is known of one session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// Whether a statement of the last transaction may have left something that only the thorough reset finds.
    pub(crate) suspect: bool,
    /// [`Shared::outdated`] when its statements were last forgotten.
    pub(crate) forgot: usize,
}

/// Of a connection whose past is not known.
impl Default for Known {
    fn default() -> Self {
        Self {
            suspect: true,
            forgot: 0,
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

    pub(crate) fn environment(&self) -> Environment {
        self.learnt()
            .map(|(environment, _)| environment)
            .unwrap_or_default()
    }

    /// Whether this query may leave something in a session that only the thorough reset finds.
    pub(crate) fn may_outlive(&self, query: &'static Query) -> bool {
        let address = query.sql.as_ptr().addr();
        let judged = self.judged.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = judged.get(&address) {
            return *answer;
        }
        drop(judged);
        let answer = may_outlive(query.sql);
        let mut judged = self.judged.write().unwrap_or_else(PoisonError::into_inner);
        judged.insert(address, answer);
        answer
    }

    /// Whether the environment is to be read now; said to one caller at a time.
    pub(crate) fn claim_reading(&self) -> bool {
        let mut learnt = self.learnt();
        if learnt.is_some_and(|(_, since)| since.elapsed() < BELIEVED) {
            return false;
        }
        // Until it is read, everyone else goes on with the last answer.
        *learnt = Some((
            learnt
                .map(|(environment, _)| environment)
                .unwrap_or_default(),
            Instant::now(),
        ));
        true
    }

    /// Remembers what was read; the careful answer if it could not be.
    pub(crate) fn learn(&self, environment: Environment) {
        *self.learnt() = Some((environment, Instant::now()));
    }

    fn learnt(&self) -> MutexGuard<'_, Option<(Environment, Instant)>> {
        // Nothing that holds the lock can leave it half done.
        self.environment
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
