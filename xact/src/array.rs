//! Arrays whose elements are declared to be of a given type: given values and the OID of their type, gives the bytes.
//!
//! An array names the type of its elements in its bytes, and Postgres refuses one that names another than it expects. sqlx takes
//! the name from the Rust type, which fits several Postgres types: `String` is `text`, but also `varchar`.

use sqlx::Postgres;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArgumentBuffer, PgBindIterExt as _};

use crate::declared::Declared;

/// A slice as an array of elements of a built-in type, or NULL.
pub(crate) struct Array<'a, T> {
    values: Option<&'a [T]>,
    element: u32,
}

impl<'a, T> Array<'a, T> {
    /// `element` is the OID of the elements' type.
    pub(crate) fn of(values: impl Into<Option<&'a [T]>>, element: u32) -> Self {
        Self {
            values: values.into(),
            element,
        }
    }
}

impl<'a, T: Encode<'a, Postgres>> Encode<'a, Postgres> for Array<'a, T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Some(values) = self.values else {
            return Ok(IsNull::Yes);
        };
        if values.is_empty() {
            // No dimensions and no NULLs: `array_recv` in Postgres's `arrayfuncs.c`.
            buffer.extend([0; 8]);
            buffer.extend(self.element.to_be_bytes());
            return Ok(IsNull::No);
        }
        let elements = values
            .iter()
            .map(|value| Declared::with_oid(value, self.element));
        elements.bind_iter().encode_by_ref(buffer)
    }
}

/// Arrays one after the other, because Postgres has no arrays of arrays of different lengths.
pub(crate) struct Lists<'a, T> {
    /// Where each begins, counted from 1; none for NULL.
    pub(crate) from: Vec<Option<i32>>,
    /// Where each ends; before its beginning if it is empty.
    pub(crate) to: Vec<Option<i32>>,
    pub(crate) all: Vec<&'a T>,
}

impl<'a, T> Lists<'a, T> {
    pub(crate) fn of(lists: impl Iterator<Item = Option<&'a [T]>>) -> Self {
        let (mut from, mut to, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for list in lists {
            // More elements than an array may have are refused when they are encoded.
            let end = |all: &Vec<&T>| i32::try_from(all.len()).unwrap_or(i32::MAX);
            // Slices of Postgres count from 1 and include their end: `a[3:2]` is the empty array.
            from.push(list.map(|_| end(&all).saturating_add(1)));
            all.extend(list.unwrap_or_default());
            to.push(list.map(|_| end(&all)));
        }
        Self { from, to, all }
    }
}
