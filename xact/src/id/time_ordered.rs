//! Ids that sort by the time they were made.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use uuid::{Builder, Uuid};

/// A new id: the prefix, `_`, and a UUID version 7 as 32 lower-case hex digits.
///
/// The same form as that of the SQL function `generate_id(prefix)`, from the same clock if it is the same machine. The
/// ids of one process are strictly ascending, so they sort in the order they were made in.
///
/// ```
/// let first = xact::id::generate("bkm");
/// assert_eq!(first.len(), "bkm_".len() + 32);
/// assert!(first < xact::id::generate("bkm"));
/// ```
pub fn generate(prefix: &str) -> String {
    format!("{prefix}_{}", uuid_v7().simple())
}

/// A prefix that has its underscore, or whatever the table wants between it and the rest.
pub(super) fn beginning_with(prefix: &str) -> String {
    format!("{prefix}{}", uuid_v7().simple())
}

/// A new UUID version 7 (RFC 9562): the Unix time in milliseconds, the fraction of the millisecond, 62 random bits.
///
/// Those of one process are strictly ascending.
///
/// ```
/// let uuid = xact::id::uuid_v7();
/// assert_eq!(uuid.get_version_num(), 7);
/// assert!(uuid < xact::id::uuid_v7());
/// ```
pub fn uuid_v7() -> Uuid {
    // The low half of a version 4 UUID holds 62 random bits, and its variant is the same.
    let (_, random) = Uuid::new_v4().as_u64_pair();
    build_uuid(next_microsecond(), random)
}

/// Now in microseconds, or the first that this process has not used: two ids of one microsecond would not be ascending.
///
/// A process that makes more than a million ids a second, or whose clock is set back, takes them from the future.
fn next_microsecond() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
    let next = |last: u64| now.max(last.saturating_add(1));
    // `AtomicU64::update` is younger than the oldest Rust that this is built with.
    let taken = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
        Some(next(last))
    });
    taken.map_or(now, next)
}

/// The fraction is microseconds in 4096ths of a millisecond, which keeps their order, as the RFC proposes (6.2, method 3).
fn build_uuid(microseconds: u64, random: u64) -> Uuid {
    let fraction = microseconds % 1000 * 4096 / 1000;
    let bits =
        u128::from(microseconds / 1000) << 80 | u128::from(fraction) << 64 | u128::from(random);
    Builder::from_u128(bits)
        .with_version(uuid::Version::SortRand)
        .with_variant(uuid::Variant::RFC4122)
        .into_uuid()
}

#[cfg(test)]
mod tests {
    use super::build_uuid;

    #[test]
    fn the_parts_are_where_the_sql_function_puts_them() {
        // SELECT lpad(to_hex(1736154000250999 / 1000), 12, '0'), lpad(to_hex(999 * 4096 / 1000), 3, '0')
        assert_eq!(
            build_uuid(1_736_154_000_250_999, u64::MAX)
                .simple()
                .to_string(),
            "01943ad7ab7a7ffbbfffffffffffffff"
        );
        assert_eq!(
            build_uuid(0, 0).simple().to_string(),
            "00000000000070008000000000000000"
        );
    }
}
