//! `numeric`: read exactly, or not at all.
//!
//! `numeric_send` in Postgres's `numeric.c`: the number of digits, the weight of the first, a sign, the scale that is shown, and
//! the digits, each from 0 to 9999.

#![cfg(feature = "decimal")]

use rust_decimal::Decimal;
use sqlx::error::BoxDynError;

use super::wire::Reader;
use super::{FromSql, SqlValue, Unreadable};

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

/// The largest number without its point that a `Decimal` holds.
const MOST: u128 = (1 << 96) - 1;

impl FromSql<'_> for Decimal {
    const OIDS: &'static [u32] = &[1700];

    fn from_sql(value: SqlValue<'_, '_>) -> Result<Self, BoxDynError> {
        let mut reader = Reader::new(value.as_bytes()?, "numeric");
        let count = reader.read_i16()?;
        let weight = i32::from(reader.read_i16()?);
        let is_negative = match reader.read_u16()? {
            0 => false,
            NEGATIVE => true,
            NAN => return Err(Unreadable::new("it is `NaN`, which `Decimal` cannot hold").into()),
            INFINITY | NEGATIVE_INFINITY => {
                return Err(Unreadable::new("it is infinite, which `Decimal` cannot hold").into());
            }
            _ => return Err(reader.malformed()),
        };
        let shown = u32::try_from(reader.read_i16()?).map_err(|_| reader.malformed())?;
        let mut number: u128 = 0;
        for _ in 0..count {
            let digit = u128::from(reader.read_u16()?);
            let shifted = number.checked_mul(10_000);
            let grown = shifted.and_then(|number| number.checked_add(digit));
            number = grown.ok_or_else(too_many_digits)?;
        }
        let exponent = 4 * (weight + 1 - i32::from(count));
        scale_exactly(number, exponent, shown, is_negative).ok_or_else(too_many_digits)
    }
}

#[cold]
fn too_many_digits() -> BoxDynError {
    let help = "it has more digits than `Decimal` holds, which is 28; cast it to `text`, or round it in SQL";
    Unreadable::new(help).into()
}

/// `number` times ten to the power of `exponent`, with as many digits behind the point as are shown, if there is room.
fn scale_exactly(
    mut number: u128,
    mut exponent: i32,
    shown: u32,
    is_negative: bool,
) -> Option<Decimal> {
    if number == 0 {
        return Some(Decimal::new(0, shown.min(Decimal::MAX_SCALE)));
    }
    // Zeros at the end need no digits of `Decimal`, so they do not decide whether it fits.
    while number.is_multiple_of(10) {
        number /= 10;
        exponent += 1;
    }
    while exponent > 0 {
        number = number.checked_mul(10)?;
        exponent -= 1;
    }
    let mut scale = exponent.unsigned_abs();
    // Those behind the point are part of a numeric: `1.50` stays so, as far as there is room.
    while scale < shown.min(Decimal::MAX_SCALE) && number <= MOST / 10 {
        number *= 10;
        scale += 1;
    }
    if number > MOST || scale > Decimal::MAX_SCALE {
        return None;
    }
    let number = i128::try_from(number).ok()?;
    let signed = if is_negative { -number } else { number };
    Decimal::try_from_i128_with_scale(signed, scale).ok()
}
