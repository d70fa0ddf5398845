//! `numeric` as `BigDecimal`, which holds every one of them but `NaN` and the infinities.
//!
//! The format is described in [`numeric`](super::numeric). The number of digits behind the point is kept: `1.50` stays `1.50`.

#![cfg(feature = "bigdecimal")]

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::{BigInt, Sign};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;

use super::wire::Reader;
use super::{FromSql, SqlValue, ToSql, Unreadable};

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

/// The most digits before and behind the point: "Numeric Types" in Postgres's manual.
const MOST_BEFORE: usize = 131_072;
const MOST_BEHIND: usize = 16_383;

impl FromSql<'_> for BigDecimal {
    const OIDS: &'static [u32] = &[1700];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "numeric");
        let count = reader.read_u16()?;
        let weight = i64::from(reader.read_u16()?.cast_signed());
        let sign = match reader.read_u16()? {
            0 => Sign::Plus,
            NEGATIVE => Sign::Minus,
            NAN => {
                return Err(Unreadable::new("it is `NaN`, which `BigDecimal` cannot hold").into());
            }
            INFINITY | NEGATIVE_INFINITY => {
                let problem = "it is infinite, which `BigDecimal` cannot hold";
                return Err(Unreadable::new(problem).into());
            }
            _ => return Err(reader.malformed()),
        };
        let shown = i64::from(reader.read_u16()?);
        let mut digits = Vec::with_capacity(usize::from(count) * 4);
        for _ in 0..count {
            push_group(reader.read_u16()?, &mut digits).ok_or_else(|| reader.malformed())?;
        }
        let number = match BigInt::from_radix_be(sign, &digits, 10) {
            Some(number) => number,
            None if digits.is_empty() => BigInt::ZERO,
            None => return Err(reader.malformed()),
        };
        let scale = 4 * (i64::from(count) - weight - 1);
        let exact = Self::new(number, if digits.is_empty() { 0 } else { scale });
        // Digits behind those that are shown are zeros: `numeric_send` sends what `numeric_out` prints.
        Ok(exact.with_scale(shown))
    }
}

/// Adds the four decimal digits of a group; none if there are more.
fn push_group(group: u16, digits: &mut Vec<u8>) -> Option<()> {
    if group > 9999 {
        return None;
    }
    for unit in [1000, 100, 10, 1] {
        digits.push(u8::try_from(group / unit % 10).ok()?);
    }
    Some(())
}

impl ToSql for BigDecimal {
    const OID: u32 = 1700;
    const ARRAY_OID: u32 = 1231;
    const RANGE_OIDS: (u32, u32) = (3906, 3907);

    fn to_sql(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let (number, scale) = self.as_bigint_and_exponent();
        let (sign, digits) = number.to_radix_be(10);
        let numeric = Groups::of(&digits, scale).ok_or_else(too_many_digits)?;
        buffer.extend(i16::try_from(numeric.groups.len())?.to_be_bytes());
        buffer.extend(i16::try_from(numeric.weight)?.to_be_bytes());
        let sign = if sign == Sign::Minus { NEGATIVE } else { 0 };
        buffer.extend(sign.to_be_bytes());
        buffer.extend(u16::try_from(scale.max(0))?.to_be_bytes());
        for group in numeric.groups {
            buffer.extend(group.to_be_bytes());
        }
        Ok(IsNull::No)
    }
}

#[cold]
fn too_many_digits() -> BoxDynError {
    let problem = "it has more digits than a `numeric` holds, which is 131072 before the point and 16383 behind it";
    Unreadable::new(problem).into()
}

/// A number in groups of four digits.
#[derive(Debug, PartialEq, Eq)]
struct Groups {
    groups: Vec<u16>,
    /// How many groups there are between the first and the point, less one.
    weight: i64,
}

impl Groups {
    /// Of decimal digits of which `scale` are behind the point; none if they are too many for Postgres.
    fn of(digits: &[u8], scale: i64) -> Option<Self> {
        if digits.iter().all(|digit| *digit == 0) {
            let is_shown = usize::try_from(scale.max(0)).is_ok_and(|scale| scale <= MOST_BEHIND);
            return is_shown.then_some(Self {
                groups: Vec::new(),
                weight: 0,
            });
        }
        let length = i64::try_from(digits.len()).ok()?;
        let before = usize::try_from(length.checked_sub(scale)?.max(0)).ok()?;
        let behind = usize::try_from(scale.max(0)).ok()?;
        // Checked before anything is allocated: an exponent may be as large as an `i64`.
        if before > MOST_BEFORE || behind > MOST_BEHIND {
            return None;
        }
        let point = before.next_multiple_of(4);
        let mut all = vec![0_u8; point + behind.next_multiple_of(4)];
        // Behind the digits of a number with a negative scale are zeros; one below 0.1 has some before its digits.
        let start = if scale < 0 {
            point - before
        } else {
            point + behind - digits.len()
        };
        all.get_mut(start..start + digits.len())?
            .copy_from_slice(digits);
        let groups = all.chunks(4);
        let groups = groups.map(|group| {
            group
                .iter()
                .fold(0, |sum, digit| sum * 10 + u16::from(*digit))
        });
        let weight = i64::try_from(point / 4).ok()? - 1;
        Some(Self::trim(groups.collect(), weight))
    }

    /// Without zeros at either end, as Postgres has them.
    fn trim(mut groups: Vec<u16>, weight: i64) -> Self {
        while groups.last() == Some(&0) {
            groups.pop();
        }
        let zeros = groups.iter().take_while(|group| **group == 0).count();
        groups.drain(..zeros);
        let weight = weight - i64::try_from(zeros).unwrap_or(0);
        Self { groups, weight }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::Groups;

    #[test]
    fn digits_are_grouped_at_the_point() {
        let grouped = |digits: &[u8], scale| {
            let found = Groups::of(digits, scale).unwrap();
            (found.groups, found.weight)
        };
        assert_eq!(grouped(&[1, 5, 0], 2), (vec![1, 5000], 0));
        assert_eq!(grouped(&[1, 2, 3, 4, 5], 0), (vec![1, 2345], 1));
        assert_eq!(grouped(&[7], 6), (vec![700], -2));
        assert_eq!(grouped(&[7], -5), (vec![70], 1));
        assert_eq!(grouped(&[0], 3), (vec![], 0));
    }

    #[test]
    fn digits_that_postgres_cannot_hold_are_refused() {
        assert_eq!(Groups::of(&[1], i64::MAX), None);
        assert_eq!(Groups::of(&[1], i64::MIN), None);
        assert_eq!(Groups::of(&[1], -131_072), None);
        assert_eq!(Groups::of(&[0], 16_384), None);
    }
}
