//! The bytes of a value → JSON.
//!
//! A value of a type that has no form in JSON is kept aside, and the caller asks Postgres for its text. Bytes that are not of
//! the expected type are an error: nothing is guessed.

use super::json_numbers::{write_float, write_integer, write_json};
use super::moments::{write_date, write_timestamp};
use super::numeric::write_numeric;
use super::types::RowForm;
use super::{Form, ValueType};
use serde_json::Value;

/// A value as far as it is JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Json(Value),
    /// One whose text Postgres has to print: its index in [`Decoder::foreign`].
    Foreign(usize),
    Array(Vec<Cell>),
    Object(Vec<(String, Cell)>),
}

/// A value whose text Postgres has to print.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Foreign {
    /// The name of its type.
    pub(crate) type_name: String,
    /// The OID of its type in the database that it came from.
    pub(crate) oid: u32,
    pub(crate) bytes: Vec<u8>,
}

/// Bytes that are not those of their type.
#[derive(Clone, Debug, thiserror::Error)]
#[error("a value of type {0} cannot be read")]
pub(crate) struct Unreadable(String);

/// Decodes the values of one answer.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    pub(crate) foreign: Vec<Foreign>,
}

impl Decoder {
    /// One value, whose type has this OID in the database that it came from.
    pub(crate) fn decode(
        &mut self,
        value_type: &ValueType,
        oid: u32,
        bytes: Option<&[u8]>,
    ) -> Result<Cell, Unreadable> {
        let Some(bytes) = bytes else {
            return Ok(Cell::Json(Value::Null));
        };
        let unreadable = || Unreadable(value_type.base_name.clone());
        let decoded = match &value_type.form {
            Form::Array(element) => {
                return self.decode_array(element, bytes).ok_or_else(unreadable);
            }
            Form::Row(row) => return self.decode_row(row, bytes).ok_or_else(unreadable),
            form => decode_scalar(form, bytes).ok_or_else(unreadable)?,
        };
        Ok(decoded.map_or_else(|| self.keep(value_type, oid, bytes), Cell::Json))
    }

    fn keep(&mut self, value_type: &ValueType, oid: u32, bytes: &[u8]) -> Cell {
        self.foreign.push(Foreign {
            type_name: value_type.base_name.clone(),
            oid,
            bytes: bytes.to_vec(),
        });
        // Postgres prints all of them at once, when the rows are read.
        Cell::Foreign(self.foreign.len() - 1)
    }

    /// `array_send` in `arrayfuncs.c`: dimensions, flags, the type of the elements, the sizes, the elements.
    fn decode_array(&mut self, element: &ValueType, bytes: &[u8]) -> Option<Cell> {
        let mut reader = Reader(bytes);
        // Bounds other than 1 and the flag for NULLs have no place in JSON.
        let dimensions = reader.count()?;
        reader.int()?;
        let oid = reader.int()?.cast_unsigned();
        let mut sizes = Vec::new();
        for _ in 0..dimensions {
            sizes.push(reader.count()?);
            reader.int()?;
        }
        // An array without elements has no dimensions.
        if sizes.is_empty() {
            return Some(Cell::Array(Vec::new()));
        }
        self.decode_dimension(element, oid, &sizes, &mut reader)
    }

    fn decode_dimension(
        &mut self,
        element: &ValueType,
        oid: u32,
        sizes: &[usize],
        reader: &mut Reader<'_>,
    ) -> Option<Cell> {
        let (size, inner) = sizes.split_first()?;
        let mut cells = Vec::new();
        for _ in 0..*size {
            cells.push(if inner.is_empty() {
                self.decode(element, oid, reader.value()?).ok()?
            } else {
                self.decode_dimension(element, oid, inner, reader)?
            });
        }
        Some(Cell::Array(cells))
    }

    /// `record_send` in `rowtypes.c`: the number of fields, and the type and value of each.
    fn decode_row(&mut self, row: &RowForm, bytes: &[u8]) -> Option<Cell> {
        let mut reader = Reader(bytes);
        // The type was changed since the queries were checked.
        if reader.count()? != row.fields.len() {
            return None;
        }
        let mut fields = Vec::new();
        for (name, field) in &row.fields {
            let oid = reader.int()?.cast_unsigned();
            let cell = self.decode(field, oid, reader.value()?).ok()?;
            fields.push((name.clone(), cell));
        }
        Some(if row.named {
            Cell::Object(fields)
        } else {
            Cell::Array(fields.into_iter().map(|(_, cell)| cell).collect())
        })
    }
}

/// A value that is neither an array nor a row: none if the bytes are not of its type, `Some(None)` if Postgres prints it.
#[expect(
    clippy::option_option,
    reason = "malformed bytes and a value that Postgres prints are two answers"
)]
fn decode_scalar(form: &Form, bytes: &[u8]) -> Option<Option<Value>> {
    Some(Some(match form {
        Form::Bool => (*bytes.first()? != 0).into(),
        Form::Int2 => i16::from_be_bytes(bytes.try_into().ok()?).into(),
        Form::Int4 => i32::from_be_bytes(bytes.try_into().ok()?).into(),
        Form::Int8 => write_integer(i64::from_be_bytes(bytes.try_into().ok()?)),
        Form::Oid => u32::from_be_bytes(bytes.try_into().ok()?).into(),
        // By its shortest text, so that 0.1 stays 0.1.
        Form::Float4 => {
            let value = f32::from_be_bytes(bytes.try_into().ok()?);
            write_float(value.to_string().parse().unwrap_or(value.into()))
        }
        Form::Float8 => write_float(f64::from_be_bytes(bytes.try_into().ok()?)),
        Form::Numeric => write_numeric(bytes)?.into(),
        Form::Text | Form::Enum(_) => std::str::from_utf8(bytes).ok()?.into(),
        Form::Uuid => uuid::Uuid::from_slice(bytes).ok()?.to_string().into(),
        Form::Bytes => write_hex(bytes).into(),
        Form::Json => decode_json(bytes)?,
        // The first byte is the version of the format.
        Form::Jsonb => decode_json(bytes.strip_prefix(b"\x01")?)?,
        Form::Date => match write_date(i32::from_be_bytes(bytes.try_into().ok()?)) {
            Some(text) => text.into(),
            None => return Some(None),
        },
        Form::Timestamp | Form::TimestampTz => {
            let microseconds = i64::from_be_bytes(bytes.try_into().ok()?);
            match write_timestamp(microseconds, *form == Form::TimestampTz) {
                Some(text) => text.into(),
                None => return Some(None),
            }
        }
        Form::Array(_) | Form::Row(_) => return None,
        Form::Other => return Some(None),
    }))
}

/// JSON deeper than the parser reads is its text.
fn decode_json(bytes: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(bytes).ok()?;
    let parsed = serde_json::from_str::<xact::json::Value>(text);
    // What this parser does not take, as JSON of too many levels, is shown as text.
    Some(parsed.map_or_else(|_| text.into(), |value| write_json(&value)))
}

fn write_hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    "\\x".to_owned() + &digits.collect::<String>()
}

impl Cell {
    /// The JSON, with the texts of the values that Postgres printed.
    pub(crate) fn into_json(self, texts: &[Option<String>]) -> Value {
        match self {
            Self::Json(value) => value,
            Self::Foreign(index) => texts.get(index).cloned().flatten().into(),
            Self::Array(cells) => cells
                .into_iter()
                .map(|cell| cell.into_json(texts))
                .collect(),
            Self::Object(fields) => {
                let fields = fields.into_iter();
                let fields = fields.map(|(name, cell)| (name, cell.into_json(texts)));
                Value::Object(fields.collect())
            }
        }
    }
}

/// Reads the parts of a value from the left.
struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn int(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number of parts, each of which takes at least a byte, so that a wrong one cannot ask for all memory.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.int()?).ok()?;
        // A damaged count must not reserve memory: each item has a byte at least.
        (count <= self.0.len()).then_some(count)
    }

    #[expect(
        clippy::option_option,
        reason = "malformed bytes and NULL are two answers"
    )]
    fn value(&mut self) -> Option<Option<&'b [u8]>> {
        match self.int()? {
            -1 => Some(None),
            length => self.take(usize::try_from(length).ok()?).map(Some),
        }
    }
}
