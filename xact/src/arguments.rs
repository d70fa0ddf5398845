//! The arguments of one call: given Rust values one by one, gives what Bind sends.
//!
//! A value is encoded the moment it is pushed, so a call holds bytes and no borrow of the caller's values. Nothing here talks
//! to the server; a value that cannot be encoded surfaces when the call is awaited.

use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments as _, Postgres};

use crate::Query;
use crate::error::{Cause, During, Error};

/// The arguments of one call, encoded.
///
/// ```
/// # static FIND: xact::Query = xact::Query {
/// #     name: "find", file: "queries/users.sql", sql: "SELECT $1 || $2::text", parameters: &[25, 20], columns: &[25] };
/// let arguments = FIND.arguments().push("Ada").push(36_i64);
/// # let _ = arguments;
/// ```
#[must_use = "arguments do nothing until they are given to a `Runner`"]
pub struct Arguments {
    query: &'static Query,
    values: PgArguments,
    pushed: usize,
    failure: Option<Error>,
}

impl Arguments {
    pub(crate) fn new(query: &'static Query) -> Self {
        let mut values = PgArguments::default();
        // Eight bytes of value and four of length is the usual parameter; a longer one makes the buffer grow.
        values.reserve(query.parameters.len(), query.parameters.len() * 12);
        Self {
            query,
            values,
            pushed: 0,
            failure: None,
        }
    }

    /// Adds the value of the next parameter.
    ///
    /// The value travels under the type OID that [`Query::parameters`] declares for it, whatever type sqlx would choose.
    ///
    /// ```
    /// # static FIND: xact::Query = xact::Query {
    /// #     name: "find", file: "queries/users.sql", sql: "SELECT $1", parameters: &[25], columns: &[25] };
    /// let arguments = FIND.arguments().push(Some("Ada"));
    /// # let _ = arguments;
    /// ```
    pub fn push<'q, T: Encode<'q, Postgres>>(mut self, value: T) -> Self {
        let oid = Oid(self.query.parameters.get(self.pushed).copied().unwrap_or(0));
        self.pushed += 1;
        if let Err(source) = self.values.add(Declared { value, oid }) {
            self.refuse(source);
        }
        self
    }

    #[cold]
    fn refuse(&mut self, source: BoxDynError) {
        let cause = Cause::Encode {
            parameter: self.pushed,
            source,
        };
        // The first value that fails is the one worth reading about.
        self.failure
            .get_or_insert_with(|| Error::new(During::Query(self.query), cause));
    }

    pub(crate) fn query(&self) -> &'static Query {
        self.query
    }

    pub(crate) fn finish(self) -> Result<PgArguments, Error> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.values),
        }
    }
}

/// A value that travels under a given type OID.
///
/// sqlx sends an OID it is given as it stands (`PgConnection::resolve_types`), and Postgres takes OID 0 in Parse as "infer the
/// type", which is what it did at generation. The element type *inside* an array or a composite is still the one that the
/// Rust type names: sqlx looks its OID up by name on first use and patches it into the encoded bytes before Bind.
struct Declared<T> {
    value: T,
    oid: Oid,
}

impl<'q, T: Encode<'q, Postgres>> Encode<'q, Postgres> for Declared<T> {
    fn encode(self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.value.encode(buffer)
    }

    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.value.encode_by_ref(buffer)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(PgTypeInfo::with_oid(self.oid))
    }

    fn size_hint(&self) -> usize {
        self.value.size_hint()
    }
}

/// Never asked: `produces` answers for every value.
impl<T> sqlx::Type<Postgres> for Declared<T> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}
