//! `pg_snapshot`: the transactions whose changes a transaction sees.

use std::fmt;

use sqlx::error::BoxDynError;

use super::built_in::built_in_type;
use super::transaction_ids::PgXid8;
use crate::values::{FromSql, Reader, SqlValue};

/// A snapshot, as `pg_current_snapshot()` gives it. All transactions below `oldest_active` have ended; none from `next` on has begun.
///
/// ```
/// use xact::types::{PgSnapshot, PgXid8};
///
/// let snapshot = PgSnapshot {
///     oldest_active: PgXid8(10),
///     next: PgXid8(20),
///     active: vec![PgXid8(10), PgXid8(14)],
/// };
/// assert_eq!(snapshot.to_string(), "10:20:10,14");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PgSnapshot {
    /// The lowest number of a transaction that was active.
    pub oldest_active: PgXid8,
    /// One more than the highest number of a transaction that had ended.
    pub next: PgXid8,
    /// The transactions between the two that were active, in order.
    pub active: Vec<PgXid8>,
}

impl fmt::Display for PgSnapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:", self.oldest_active, self.next)?;
        for (index, active) in self.active.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(formatter, "{comma}{active}")?;
        }
        Ok(())
    }
}

impl FromSql<'_> for PgSnapshot {
    const OIDS: &'static [u32] = &[5038];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "pg_snapshot");
        let count = reader.read_count()?;
        let oldest_active = read_id(&mut reader)?;
        let next = read_id(&mut reader)?;
        // Not reserved in advance: the count of a malformed value is any number.
        let active = (0..count)
            .map(|_| read_id(&mut reader))
            .collect::<Result<_, _>>()?;
        if reader.remaining() > 0 {
            return Err(reader.malformed());
        }
        Ok(Self {
            oldest_active,
            next,
            active,
        })
    }
}

fn read_id(reader: &mut Reader<'_>) -> Result<PgXid8, BoxDynError> {
    let bytes = reader.fixed_bytes()?;
    Ok(PgXid8(u64::from_be_bytes(bytes)))
}

built_in_type!(PgSnapshot, 5038, 5039, |value, buffer| {
    // Postgres refuses a snapshot with more, and a count that does not fit (`pg_snapshot_recv`).
    let count = i32::try_from(value.active.len())?;
    buffer.extend(count.to_be_bytes());
    let ids = [&value.oldest_active, &value.next]
        .into_iter()
        .chain(&value.active);
    ids.for_each(|id| buffer.extend(id.0.to_be_bytes()));
});
