//! The values of ORDER BY in a cursor: for each its length and the bytes that Postgres sent, as in its own messages.

use sqlx::Postgres;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;

use super::query::KeyColumn;
use crate::error::Error;
use crate::row::Row;

/// The length that means NULL: that of -1, as in the message `DataRow`.
const NULL: u32 = u32::MAX;

/// The value of one column of ORDER BY; none is NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyValue<'c>(pub(super) Option<&'c [u8]>);

/// The bytes of a row's key.
pub(super) fn encode_key(row: &Row<'_>, key: &[KeyColumn]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for column in key {
        // As Postgres sent it, and sent back unchanged: no value is decoded, so none is rounded.
        let value = row.binary(column.column, column.nullable)?;
        let length = value.map_or(Some(NULL), |value| u32::try_from(value.len()).ok());
        // A value of Postgres is shorter than 1 GB.
        bytes.extend(length.unwrap_or(NULL).to_be_bytes());
        bytes.extend(value.unwrap_or_default());
    }
    Ok(bytes)
}

/// The values in a cursor's bytes; none if they are not those of this key.
pub(super) fn decode_key<'c>(mut bytes: &'c [u8], key: &[KeyColumn]) -> Option<Vec<KeyValue<'c>>> {
    let mut values = Vec::with_capacity(key.len());
    for column in key {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length);
        if length == NULL {
            // The statement for this key has no place for NULL.
            column.nullable.then_some(())?;
            values.push(KeyValue(None));
            bytes = rest;
            continue;
        }
        let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        values.push(KeyValue(Some(value)));
        bytes = rest;
    }
    // Bytes left over mean another number of keys.
    bytes.is_empty().then_some(values)
}

/// Sent as it was received.
impl Encode<'_, Postgres> for KeyValue<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Some(bytes) = self.0 else {
            return Ok(IsNull::Yes);
        };
        buffer.extend_from_slice(bytes);
        Ok(IsNull::No)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyColumn, KeyValue, decode_key};

    const KEY: &[KeyColumn] = &[
        KeyColumn {
            column: 0,
            nullable: true,
        },
        KeyColumn {
            column: 1,
            nullable: false,
        },
    ];

    #[test]
    fn values_and_null_are_read() {
        let bytes = b"\xff\xff\xff\xff\0\0\0\x02ab";
        let values = [KeyValue(None), KeyValue(Some(b"ab"))];
        assert_eq!(decode_key(bytes, KEY), Some(values.to_vec()));
    }

    #[test]
    fn bytes_of_another_key_are_refused() {
        let bytes: &[&[u8]] = &[
            b"",
            b"\0\0\0",
            b"\0\0\0\0",
            b"\0\0\0\x09ab\0\0\0\0",
            b"\0\0\0\0\0\0\0\x02abc",
            b"\0\0\0\0\xff\xff\xff\xff",
            b"\xff\xff\xff\xfe\0\0\0\0",
        ];
        for bytes in bytes {
            assert_eq!(decode_key(bytes, KEY), None, "{bytes:?}");
        }
    }

    #[test]
    fn random_bytes_never_panic() {
        for _ in 0..20_000 {
            let length = fastrand::usize(..24);
            // Small bytes, so that some lengths fit.
            let bytes: Vec<u8> = (0..length)
                .map(|_| fastrand::u8(..4).wrapping_sub(1))
                .collect();
            if let Some(values) = decode_key(&bytes, KEY) {
                assert_eq!(values.len(), KEY.len());
                assert!(values[1].0.is_some());
            }
        }
    }
}
