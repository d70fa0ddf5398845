//! Binary COPY: given rows, gives the bytes of COPY's binary format, and sends them.
//!
//! Chapter "COPY" of Postgres's manual, "Binary Format": a header, for each row the number of its fields and each field with its
//! length in front, a trailer. COPY converts nothing, so each value is written in the type of its column.

use sqlx::PgConnection;
use sqlx::Postgres;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::postgres::PgArgumentBuffer;
use tracing::Instrument as _;

use crate::array::Array;
use crate::connection::{Connection, State};
use crate::error::{Cause, During, Error};
use crate::query::Query;
use crate::span;

/// The signature, no flags, no extension of the header.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// The trailer, in place of a number of fields.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// The OID of `json`, which sqlx writes as `jsonb`.
const JSON: u32 = 114;

/// The size of one `CopyData` message. sqlx copies each chunk into its buffer, so one message of all rows would double the
/// memory; small messages would cost a write each.
const CHUNK: usize = 1 << 20;

/// The rows of one COPY, encoded; [`Query::copy`] makes them.
#[must_use = "rows do nothing until they are given to a `Runner`"]
pub struct CopyData {
    query: &'static Query,
    bytes: PgArgumentBuffer,
    rows: usize,
    failure: Option<Error>,
}

/// One row of a COPY, to be filled from the first column to the last.
#[must_use = "a row needs a value for each column"]
pub struct CopyRow<'d> {
    data: &'d mut CopyData,
    pushed: usize,
}

impl CopyRow<'_> {
    /// Adds the value of the next column.
    ///
    /// ```
    /// # static LOAD: xact::generated::Query = xact::generated::Query {
    /// #     name: "load", file: "queries/users.sql", sql: "COPY users (name) FROM STDIN (FORMAT binary)",
    /// #     parameters: &[25], columns: &[], names: "" };
    /// let data = LOAD.copy(&["Ada", "Grace"], |name, row| row.push(*name));
    /// # let _ = data;
    /// ```
    pub fn push<'q, T: Encode<'q, Postgres>>(mut self, value: T) -> Self {
        let oid = self.data.query.parameters.get(self.pushed).copied();
        self.pushed += 1;
        if let Err(source) = self.data.write_field(&value, oid) {
            self.data.keep_failure(self.pushed, source);
        }
        self
    }

    /// Adds an array whose elements have the type with this OID.
    ///
    /// ```
    /// # static LOAD: xact::generated::Query = xact::generated::Query {
    /// #     name: "load", file: "queries/users.sql", sql: "COPY users (names) FROM STDIN (FORMAT binary)",
    /// #     parameters: &[1015], columns: &[], names: "" };
    /// let data = LOAD.copy(&[["Ada", "Grace"]], |names, row| row.push_array(1043, names.as_slice()));
    /// # let _ = data;
    /// ```
    pub fn push_array<'a, T>(self, element: u32, values: impl Into<Option<&'a [T]>>) -> Self
    where
        T: Encode<'a, Postgres> + 'a,
    {
        self.push(Array::of(values, element))
    }
}

impl Query {
    /// The rows of one run of this COPY: `fill` writes the values of a row, in the order of the columns.
    ///
    /// [`parameters`](Self::parameters) are the OIDs of the columns here.
    ///
    /// ```
    /// # static LOAD: xact::generated::Query = xact::generated::Query {
    /// #     name: "load", file: "queries/users.sql", sql: "COPY users (name, age) FROM STDIN (FORMAT binary)",
    /// #     parameters: &[25, 23], columns: &[], names: "" };
    /// let users = [("Ada", Some(36)), ("Grace", None)];
    /// let data = LOAD.copy(&users, |user, row| row.push(user.0).push(user.1));
    /// # let _ = data;
    /// ```
    pub fn copy<'r, R>(
        &'static self,
        rows: &'r [R],
        fill: impl for<'d> Fn(&'r R, CopyRow<'d>) -> CopyRow<'d>,
    ) -> CopyData {
        CopyData::new(self, rows, fill)
    }
}

impl CopyData {
    pub(crate) fn new<'r, R>(
        query: &'static Query,
        rows: &'r [R],
        fill: impl for<'d> Fn(&'r R, CopyRow<'d>) -> CopyRow<'d>,
    ) -> Self {
        let mut data = Self {
            query,
            bytes: PgArgumentBuffer::default(),
            rows: rows.len(),
            failure: None,
        };
        data.bytes.extend(HEADER);
        // A table has at most 1,600 columns (`MaxHeapAttributeNumber`), so the number always fits.
        let fields = i16::try_from(query.parameters.len()).unwrap_or(i16::MAX);
        for row in rows {
            data.bytes.extend(fields.to_be_bytes());
            let _filled = fill(
                row,
                CopyRow {
                    data: &mut data,
                    pushed: 0,
                },
            );
        }
        data.bytes.extend(TRAILER);
        data
    }

    /// Appends one field: its length, or -1 for NULL, and its bytes.
    fn write_field<'q, T: Encode<'q, Postgres>>(
        &mut self,
        value: &T,
        oid: Option<u32>,
    ) -> Result<(), BoxDynError> {
        let length = self.bytes.len();
        let start = length + 4;
        // The length comes first, and is known only once the value is written.
        self.bytes.extend([0; 4]);
        let written = match value.encode_by_ref(&mut self.bytes)? {
            IsNull::Yes => -1,
            IsNull::No => i32::try_from(self.bytes.len() - start)?,
        };
        self.bytes[length..start].copy_from_slice(&written.to_be_bytes());
        if oid == Some(JSON) && written > 0 {
            // Surprise: sqlx writes the version byte of jsonb in front. json is text, where a space in front changes nothing.
            self.bytes[start] = b' ';
        }
        Ok(())
    }

    #[cold]
    fn keep_failure(&mut self, parameter: usize, source: BoxDynError) {
        let cause = Cause::Encode { parameter, source };
        let error = || Error::new(During::Query(self.query.into()), cause);
        self.failure.get_or_insert_with(error);
    }

    /// Sends the rows; gives their number.
    pub(crate) async fn send(self, connection: &mut Connection) -> Result<u64, Error> {
        let query = self.query;
        let origin = query.into();
        let span = span::start_query_span(origin, query.sql, connection.server());
        // A row runs triggers and checks.
        connection.expect_query(query);
        let is_direct = connection.is_direct();
        let (connection, status) = connection.parts();
        let before = status.state;
        if !before.is_usable() {
            return Err(Error::new(During::Query(origin), Cause::Lost));
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.rows == 0 {
            return Ok(0);
        }
        // Rows may be lost to a retry: from here on the transaction can no longer begin again.
        status.state = State::Unknown;
        status.fresh = false;
        let copied = copy_in_chunks(connection, query.sql, &self.bytes)
            .instrument(span.clone())
            .await;
        match copied {
            Ok(rows) => {
                status.record_success(before);
                span::record_rows(&span, rows);
                Ok(rows)
            }
            Err(error) => {
                let error = status.record_failure(before, origin, error);
                if !is_direct {
                    // A pooler may count the end of the rows, which arrives after the server's error, as a request that the server
                    // will answer, and keep that connection of the server from everyone else. Closing this one in its
                    // transaction closes that one too.
                    status.state = State::Unknown;
                }
                span::record_error(&span, &error);
                Err(error)
            }
        }
    }
}

async fn copy_in_chunks(
    connection: &mut PgConnection,
    sql: &str,
    bytes: &[u8],
) -> Result<u64, sqlx::Error> {
    let mut copy = connection.copy_in_raw(sql).await?;
    for chunk in bytes.chunks(CHUNK) {
        copy.send(chunk).await?;
    }
    copy.finish().await
}
