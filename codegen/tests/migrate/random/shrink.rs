//! Makes a pair of schemas smaller, as long as it has the same fault.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::Pair;

/// How long one pair is worked on.
const PATIENCE: Duration = Duration::from_secs(90);

/// The smallest pair found that `has_fault`: edits are undone, and parts left out of both schemas.
pub(super) async fn shrink(pair: &Pair, mut has_fault: impl AsyncFnMut(&Pair) -> bool) -> Pair {
    let until = Instant::now() + PATIENCE;
    let mut smallest = pair.clone();
    let mut size = smallest.keys().len();
    while size > 0 && Instant::now() < until {
        let keys: Vec<String> = smallest.keys().into_iter().collect();
        for chunk in keys.chunks(size) {
            for smaller in [
                without_edits(&smallest, chunk),
                without_parts(&smallest, chunk),
            ] {
                let is_smaller = measure(&smaller) < measure(&smallest);
                if is_smaller && Instant::now() < until && has_fault(&smaller).await {
                    smallest = smaller;
                }
            }
        }
        size /= 2;
    }
    smallest
}

/// Edits count most: a pair of few edits is read first.
fn measure(pair: &Pair) -> (usize, usize) {
    (
        pair.edits().len(),
        pair.old.parts.len() + pair.new.parts.len(),
    )
}

/// The parts with these keys in the new schema as they are in the old one.
fn without_edits(pair: &Pair, keys: &[String]) -> Pair {
    let mut smaller = pair.clone();
    for key in keys {
        let old = pair.old.find(key).cloned();
        let place = smaller.new.parts.iter().position(|part| part.key() == *key);
        match (old, place) {
            (Some(old), Some(place)) => smaller.new.parts[place] = old,
            (Some(old), None) => smaller.new.parts.push(old),
            (None, Some(_)) => smaller.new.drop_part(key),
            (None, None) => {}
        }
    }
    smaller.new.sort_parts();
    smaller
}

fn without_parts(pair: &Pair, keys: &[String]) -> Pair {
    let mut smaller = pair.clone();
    for key in keys.iter().collect::<BTreeSet<_>>() {
        smaller.old.drop_part(key);
        smaller.new.drop_part(key);
    }
    smaller
}
