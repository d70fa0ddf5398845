//! Values between JSON and Postgres.
//!
//! An argument is checked against the type of its parameter and becomes a text; the common types are encoded here, and Postgres
//! itself reads the text of every other type. A value of a row is decoded here if JSON has a form for its type; Postgres prints all
//! others. So no type is misread that this crate does not know, and an argument is never a part of a statement.
//!
//! ```text
//! types    a Postgres type as far as JSON tells values apart      schema   the JSON schema of a type
//! text     JSON → the text of a value                             literal  the texts of arrays and rows
//! encode   text → bytes                                           raw      bytes as arguments and columns
//! decode   bytes → JSON                                           moments  dates and times; numeric: exact numbers
//! ```

mod types;

mod schema;

mod literal;
mod text;

mod encode;
mod raw;

mod decode;
mod json_numbers;
mod moments;
mod numeric;

pub(crate) use decode::{Cell, Decoder, Foreign};
pub(crate) use encode::{encode_array_header, encode_text};
pub(crate) use literal::write_array;
pub(crate) use raw::{RawRow, RawValue, read_raw_row};
pub(crate) use schema::write_schema;
pub(crate) use text::{ArgumentError, write_text};
pub(crate) use types::{Form, ValueType};
