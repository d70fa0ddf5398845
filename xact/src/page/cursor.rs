//! The place of a row in the order of a query, as a text that a client keeps and sends back.
//!
//! The bytes: version, fingerprint of the query, the values of ORDER BY, checksum. The values are the bytes that Postgres sent,
//! and they go back to it unchanged: no number loses digits, and NaN, `-0` and `infinity` stay what they are.

use std::fmt;
use std::str::FromStr;

use super::base64url;
use crate::content_hash::content_hash;
use crate::error::{Cause, During, Error};

/// The place of a row in the order of a `:page` query.
///
/// Its text (`Display`, `FromStr`, and `serde`, as a string) has letters, digits, `-` and `_` alone, so it can be a part of a URL.
/// It belongs to the query that it came from: another query, or the same with another order, other filters or other types of the
/// columns of ORDER BY, refuses it, with an error that [`Error::is_invalid_cursor`] tells from others.
///
/// It is opaque, but **not secret and not signed**: it holds the values of the columns of ORDER BY, readable by anyone who decodes
/// it, also where the query does not select them. Its checksum finds damage, not forgery. A forged cursor chooses another place
/// in the order, and nothing else: filters, parameters and row-level security hold for every page.
///
/// Its `Debug` shows no value.
///
/// ```
/// let damaged = "AbCdEf".parse::<xact::Cursor>();
/// assert!(damaged.is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Invariant: of this version, with a checksum that is right.
    bytes: Box<[u8]>,
}

/// A text that is no [`Cursor`]: it was made by hand, cut off or changed on its way.
///
/// `?` makes it an [`Error`] for which [`Error::is_invalid_cursor`] holds.
///
/// ```
/// fn read(text: &str) -> Result<xact::Cursor, xact::Error> {
///     Ok(text.parse()?)
/// }
///
/// assert!(read("no cursor").is_err_and(|error| error.is_invalid_cursor()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidCursor;

/// The first byte of this version. A later one with another layout has another, so that old cursors are refused.
const VERSION: u8 = 1;

const FINGERPRINT: usize = 8;

const CHECKSUM: usize = 4;

impl Cursor {
    /// The cursor of a query with this fingerprint and these values.
    pub(super) fn new(fingerprint: u64, values: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(1 + FINGERPRINT + values.len() + CHECKSUM);
        bytes.push(VERSION);
        bytes.extend(fingerprint.to_be_bytes());
        bytes.extend(values);
        // Against damage, not against forgery: a cursor is a place in an order, and the filters of
        // the query hold whatever it says.
        bytes.extend(compute_checksum(&bytes));
        Self {
            bytes: bytes.into(),
        }
    }

    /// The values of ORDER BY, if it is a cursor of the query with this fingerprint.
    pub(super) fn values_for(&self, fingerprint: u64) -> Option<&[u8]> {
        let (content, _) = self.bytes.split_last_chunk::<CHECKSUM>()?;
        let (own, values) = content.get(1..)?.split_first_chunk::<FINGERPRINT>()?;
        (u64::from_be_bytes(*own) == fingerprint).then_some(values)
    }
}

fn compute_checksum(content: &[u8]) -> [u8; CHECKSUM] {
    let [first, second, third, fourth, ..] = content_hash(content).to_be_bytes();
    [first, second, third, fourth]
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = base64url::read_text(text).ok_or(InvalidCursor)?;
        let (content, found) = bytes.split_last_chunk::<CHECKSUM>().ok_or(InvalidCursor)?;
        let is_known = content.first() == Some(&VERSION) && content.len() > FINGERPRINT;
        if !is_known || *found != compute_checksum(content) {
            return Err(InvalidCursor);
        }
        Ok(Self {
            bytes: bytes.into(),
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        base64url::write_text(&self.bytes, f)
    }
}

/// Without its text, which has values of the row.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not a cursor of a page: it is damaged or was made by hand")
    }
}

impl std::error::Error for InvalidCursor {}

impl From<InvalidCursor> for Error {
    fn from(_: InvalidCursor) -> Self {
        Self::new(During::Cursor, Cause::Cursor(InvalidCursor.to_string()))
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, InvalidCursor};

    #[test]
    fn a_cursor_survives_its_text_and_json() {
        let cursor = Cursor::new(7, b"\0\xff values");
        let text = cursor.to_string();
        let is_url_safe = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        assert!(text.chars().all(is_url_safe), "{text}");
        assert_eq!(text.parse(), Ok(cursor.clone()));
        let json = serde_json::to_string(&cursor).expect("a string");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Cursor>(&json).ok(), Some(cursor));
    }

    #[test]
    fn it_gives_its_values_to_its_query_alone() {
        let cursor = Cursor::new(7, b"values");
        assert_eq!(cursor.values_for(7), Some(b"values".as_slice()));
        assert_eq!(cursor.values_for(8), None);
    }

    #[test]
    fn each_changed_letter_is_found() {
        let text = Cursor::new(7, b"some values").to_string();
        for at in 0..text.len() {
            for letter in ["A", "b", "9", "-", "_", "=", "é", ""] {
                let changed = [&text[..at], letter, &text[at + 1..]].concat();
                if changed != text {
                    assert_eq!(changed.parse::<Cursor>(), Err(InvalidCursor), "{changed}");
                }
            }
            assert_eq!(text[..at].parse::<Cursor>(), Err(InvalidCursor));
        }
    }

    #[test]
    fn random_texts_are_refused() {
        for _ in 0..20_000 {
            let length = fastrand::usize(..60);
            let text: String = (0..length).map(|_| fastrand::char(' '..='~')).collect();
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }

    #[test]
    fn its_debug_shows_no_value() {
        let shown = format!("{:?}", Cursor::new(7, b"secret"));
        assert_eq!(shown, "Cursor { .. }");
    }
}
