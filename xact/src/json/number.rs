//! The numbers of JSON, with all of their digits.
//!
//! JSON says nothing about the size of a number, and Postgres keeps up to 131072 digits in front of the point; a float keeps 15.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A number of JSON, as it was written: `1.50` has two digits behind its point, and an integer may have any number of them.
///
/// Two numbers are equal if they are written the same: `1.0` is not `1`.
///
/// ```
/// use xact::json::Number;
///
/// # fn main() -> Result<(), serde_json::Error> {
/// let number: Number = "123456789012345678901234567890".parse()?;
/// assert_eq!(number.to_string(), "123456789012345678901234567890");
/// assert_eq!(number.as_u64(), None);
/// assert_eq!(Number::from(7).as_i64(), Some(7));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Digits);

/// Invariant: a text is none of the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Digits {
    Signed(i64),
    /// Past `i64::MAX`.
    Unsigned(u64),
    Text(Box<str>),
}

impl Number {
    /// The number, if it is written as an integer and fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Digits::Signed(value) => Some(value),
            Digits::Unsigned(_) | Digits::Text(_) => None,
        }
    }

    /// The number, if it is written as an integer and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Digits::Signed(value) => value.try_into().ok(),
            Digits::Unsigned(value) => Some(value),
            Digits::Text(_) => None,
        }
    }

    /// The float that is nearest; `None` past the largest one.
    pub fn as_f64(&self) -> Option<f64> {
        let nearest: f64 = self.to_string().parse().ok()?;
        nearest.is_finite().then_some(nearest)
    }

    /// A float; `None` if it is infinite or not a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        let written = serde_json::Number::from_f64(value)?.to_string();
        Some(Self(Digits::Text(written.into())))
    }

    /// A text that is known to be a number of JSON.
    pub(super) fn of_text(text: &str) -> Self {
        // `-0` is not the integer 0.
        let integer = (text != "-0").then_some(text);
        let signed = integer.and_then(|text| text.parse().ok());
        let unsigned = integer.and_then(|text| text.parse().ok());
        Self(match (signed, unsigned) {
            (Some(value), _) => Digits::Signed(value),
            (None, Some(value)) => Digits::Unsigned(value),
            (None, None) => Digits::Text(text.into()),
        })
    }

    /// The number of `serde_json`, if that holds all of its digits.
    pub(super) fn to_serde(&self) -> Option<serde_json::Number> {
        match &self.0 {
            Digits::Signed(value) => Some((*value).into()),
            Digits::Unsigned(value) => Some((*value).into()),
            Digits::Text(text) => {
                let number = serde_json::Number::from_f64(self.as_f64()?)?;
                (significant_digits(&number.to_string()) == significant_digits(text))
                    .then_some(number)
            }
        }
    }
}

/// The sign, the digits without zeros around them, and the power of ten of the last.
fn significant_digits(text: &str) -> (bool, String, i64) {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    let all = format!("{whole}{fraction}");
    let front = all.trim_start_matches('0');
    let bare = front.trim_end_matches('0');
    let zeros = i64::try_from(front.len() - bare.len()).unwrap_or(0);
    let behind = i64::try_from(fraction.len()).unwrap_or(0);
    let power = exponent.saturating_add(zeros).saturating_sub(behind);
    let power = if bare.is_empty() { 0 } else { power };
    (sign, bare.to_owned(), power)
}

/// How many bytes at the beginning of a text are a number: RFC 8259, section 6.
pub(super) fn measure_number(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut at = usize::from(text.first() == Some(&b'-'));
    at += match (text.get(at)?, digits(at)) {
        (_, 0) => return None,
        (b'0', _) => 1,
        (_, found) => found,
    };
    if text.get(at) == Some(&b'.') {
        match digits(at + 1) {
            0 => return None,
            found => at += 1 + found,
        }
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        match digits(at + 1 + sign) {
            0 => return None,
            found => at += 1 + sign + found,
        }
    }
    Some(at)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Signed(value) => value.fmt(f),
            Digits::Unsigned(value) => value.fmt(f),
            Digits::Text(text) => f.write_str(text),
        }
    }
}

/// A number as JSON writes it.
impl FromStr for Number {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if measure_number(text.as_bytes()) == Some(text.len()) {
            Ok(Self::of_text(text))
        } else {
            Err(serde_json::Error::custom("not a number of JSON"))
        }
    }
}

macro_rules! from {
    ($($type:ty),+) => {
        $(
            impl From<$type> for Number {
                fn from(value: $type) -> Self {
                    Self(Digits::Signed(value.into()))
                }
            }
        )+
    };
}

from!(i16, i32, i64, u16, u32);

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(match i64::try_from(value) {
            Ok(value) => Digits::Signed(value),
            Err(_) => Digits::Unsigned(value),
        })
    }
}

impl From<serde_json::Number> for Number {
    fn from(value: serde_json::Number) -> Self {
        Self::of_text(&value.to_string())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Digits::Signed(value) => serializer.serialize_i64(*value),
            Digits::Unsigned(value) => serializer.serialize_u64(*value),
            Digits::Text(text) => match self.as_f64() {
                // A float that is written the same is one for every serializer.
                Some(float) if Self::from_f64(float).as_ref() == Some(self) => {
                    serializer.serialize_f64(float)
                }
                // serde has no numbers but those of Rust; this one only `serde_json` writes.
                _ => {
                    let raw = RawValue::from_string(text.to_string());
                    raw.map_err(serde::ser::Error::custom)?
                        .serialize(serializer)
                }
            },
        }
    }
}
