//! For `#[serde(with = "…")]`: fields of date types, written as sentinel objects.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::sentinel;
use crate::Patch;

/// A field's type, and how it is written; `Kind` is that of one of the modules: [`timestamp::Kind`], [`rfc3339::Kind`].
///
/// Implemented for `OffsetDateTime`, `PrimitiveDateTime` and `Date`, for the dates and timestamps of chrono and jiff (features of these
/// names), and for `Option`, `Patch`, `Vec`, `MaybeInfinite` and maps of these.
pub trait Typed<Kind>: Sized {
    /// The form that serde writes and reads.
    type Written: Serialize + DeserializeOwned;

    /// The value as it is written.
    fn write(&self) -> Self::Written;

    /// The value that was written so.
    fn read(written: Self::Written) -> Self;
}

/// A field that borrows its value or values, which can be written and not read: a parameter that is a slice.
pub trait TypedReference<Kind> {
    /// The form that serde writes.
    type Written: Serialize;

    /// The values as they are written.
    fn write_referenced(&self) -> Self::Written;
}

impl<Kind, T: Typed<Kind>> TypedReference<Kind> for &T {
    type Written = T::Written;

    fn write_referenced(&self) -> Self::Written {
        self.write()
    }
}

impl<Kind, T: Typed<Kind>> TypedReference<Kind> for &[T] {
    type Written = Vec<T::Written>;

    fn write_referenced(&self) -> Self::Written {
        self.iter().map(T::write).collect()
    }
}

impl<Kind, T: TypedReference<Kind>> TypedReference<Kind> for Option<T> {
    type Written = Option<T::Written>;

    fn write_referenced(&self) -> Self::Written {
        self.as_ref().map(T::write_referenced)
    }
}

impl<Kind, T: TypedReference<Kind>> TypedReference<Kind> for Patch<T> {
    type Written = Patch<T::Written>;

    fn write_referenced(&self) -> Self::Written {
        self.as_ref().map(T::write_referenced)
    }
}

macro_rules! with {
    ($(#[$documentation:meta])* $module:ident) => {
        $(#[$documentation])*
        pub mod $module {
            use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

            use super::{Typed, TypedReference};

            /// Marks fields of this kind.
            #[derive(Debug)]
            pub enum Kind {}

            /// Writes a field; serde calls it.
            ///
            /// # Errors
            /// As the serializer, or for a year without four digits.
            pub fn serialize<T: Typed<Kind>, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
                value.write().serialize(serializer)
            }

            /// Writes a field that is a reference or a slice, by `#[serde(serialize_with = "…::serialize_reference")]`; serde calls it.
            ///
            /// # Errors
            /// As [`serialize`].
            pub fn serialize_reference<T: TypedReference<Kind>, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
                value.write_referenced().serialize(serializer)
            }

            /// Reads a field; serde calls it.
            ///
            /// # Errors
            /// As the deserializer, or if the value has another sentinel or none.
            pub fn deserialize<'de, T: Typed<Kind>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
                T::Written::deserialize(deserializer).map(T::read)
            }
        }
    };
}

with! {
    /// `#[serde(with = "xact::json::timestamp")]`, for `OffsetDateTime` and `PrimitiveDateTime`, and for
    /// `Option`, `Vec` and maps of them.
    ///
    /// serde takes a missing `Option` for an error where `with` is used; `default` beside it gives `None`.
    timestamp
}

with! {
    /// `#[serde(with = "xact::json::date")]`, for `Date`, and for `Option`, `Vec` and maps of it.
    ///
    /// serde takes a missing `Option` for an error where `with` is used; `default` beside it gives `None`.
    date
}

with! {
    /// `#[serde(with = "xact::json::rfc3339")]`, for `OffsetDateTime`, `PrimitiveDateTime`, `Date` and `Time`, and for `Option`,
    /// `Vec` and maps of them: plain text, `"2025-01-06T09:00:00+00:00"`; without the offset if there is none.
    ///
    /// serde takes a missing `Option` for an error where `with` is used; `default` beside it gives `None`.
    rfc3339
}

with! {
    /// `#[serde(with = "xact::json::text")]`, for `Decimal` (feature `decimal`), `IpNetwork` and `MacAddress` (feature `network`),
    /// and for `Option`, `Vec` and maps of them: the text that they print.
    ///
    /// serde takes a missing `Option` for an error where `with` is used; `default` beside it gives `None`.
    text
}

impl Typed<timestamp::Kind> for OffsetDateTime {
    type Written = sentinel::Timestamp;

    fn write(&self) -> Self::Written {
        sentinel::Timestamp(*self)
    }

    fn read(written: Self::Written) -> Self {
        written.0
    }
}

impl Typed<timestamp::Kind> for PrimitiveDateTime {
    type Written = sentinel::LocalTimestamp;

    fn write(&self) -> Self::Written {
        sentinel::LocalTimestamp(*self)
    }

    fn read(written: Self::Written) -> Self {
        written.0
    }
}

impl Typed<date::Kind> for time::Date {
    type Written = sentinel::Date;

    fn write(&self) -> Self::Written {
        sentinel::Date(*self)
    }

    fn read(written: Self::Written) -> Self {
        written.0
    }
}

impl<Kind, T: Typed<Kind>> Typed<Kind> for Option<T> {
    type Written = Option<T::Written>;

    fn write(&self) -> Self::Written {
        self.as_ref().map(T::write)
    }

    fn read(written: Self::Written) -> Self {
        written.map(T::read)
    }
}

impl<Kind, T: Typed<Kind>> Typed<Kind> for Patch<T> {
    type Written = Patch<T::Written>;

    fn write(&self) -> Self::Written {
        self.as_ref().map(T::write)
    }

    fn read(written: Self::Written) -> Self {
        written.map(T::read)
    }
}

impl<Kind, T: Typed<Kind>> Typed<Kind> for Vec<T> {
    type Written = Vec<T::Written>;

    fn write(&self) -> Self::Written {
        self.iter().map(T::write).collect()
    }

    fn read(written: Self::Written) -> Self {
        written.into_iter().map(T::read).collect()
    }
}

impl<Kind, K, T: Typed<Kind>> Typed<Kind> for BTreeMap<K, T>
where
    K: Clone + Ord + Serialize + DeserializeOwned,
{
    type Written = BTreeMap<K, T::Written>;

    fn write(&self) -> Self::Written {
        self.iter()
            .map(|(key, value)| (key.clone(), value.write()))
            .collect()
    }

    fn read(written: Self::Written) -> Self {
        written
            .into_iter()
            .map(|(key, value)| (key, T::read(value)))
            .collect()
    }
}

impl<Kind, K, T: Typed<Kind>, S> Typed<Kind> for HashMap<K, T, S>
where
    K: Clone + Eq + Hash + Serialize + DeserializeOwned,
    S: BuildHasher + Default,
{
    type Written = HashMap<K, T::Written>;

    fn write(&self) -> Self::Written {
        self.iter()
            .map(|(key, value)| (key.clone(), value.write()))
            .collect()
    }

    fn read(written: Self::Written) -> Self {
        written
            .into_iter()
            .map(|(key, value)| (key, T::read(value)))
            .collect()
    }
}
