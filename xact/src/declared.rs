//! A value with the type OID that it is sent under, whatever type sqlx would choose.

use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use sqlx::{Postgres, Type};

/// A value that travels under a given type.
///
/// sqlx sends a given OID unchanged (`PgConnection::resolve_types`), and Postgres takes OID 0 in Parse as "infer the
/// type", as it did at generation. The element type *inside* an array or a composite is still the one that the
/// elements name: if that has no OID yet, sqlx looks it up by name on first use and patches it into the encoded bytes before
/// Bind.
pub(crate) struct Declared<T> {
    value: T,
    declared: PgTypeInfo,
}

impl<T> Declared<T> {
    /// Under the type with this OID.
    pub(crate) fn with_oid(value: T, oid: u32) -> Self {
        let declared = PgTypeInfo::with_oid(Oid(oid));
        Self { value, declared }
    }
}

impl<'q, T: Encode<'q, Postgres> + Type<Postgres>> Declared<T> {
    /// As an element of an array, whose type Postgres does not infer: 0 means the type that the Rust type declares.
    pub(crate) fn of_element(value: T, oid: u32) -> Self {
        if oid != 0 {
            return Self::with_oid(value, oid);
        }
        let declared = value.produces().unwrap_or_else(T::type_info);
        Self { value, declared }
    }
}

impl<'q, T: Encode<'q, Postgres>> Encode<'q, Postgres> for Declared<T> {
    fn encode(self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.value.encode(buffer)
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.value.encode_by_ref(buffer)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.declared.clone())
    }

    fn size_hint(&self) -> usize {
        self.value.size_hint()
    }
}

/// A value of any type.
pub(crate) struct Borrowed<'v, 'q>(pub(crate) &'v dyn Encode<'q, Postgres>);

impl<'q> Encode<'q, Postgres> for Borrowed<'_, 'q> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.0.encode_by_ref(buffer)
    }

    fn size_hint(&self) -> usize {
        self.0.size_hint()
    }
}

/// Asked only of an array without elements: `produces` answers for every value.
impl<T> Type<Postgres> for Declared<T> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}
