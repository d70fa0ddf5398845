//! The text of a value → the bytes of Postgres's binary format, for the types whose format is as simple as that of a number.

use super::Form;

/// The bytes; none for a type whose text Postgres has to read.
pub(crate) fn encode_text(form: &Form, text: &str) -> Option<Vec<u8>> {
    Some(match form {
        Form::Bool => vec![u8::from(text == "true")],
        Form::Int2 => text.parse::<i16>().ok()?.to_be_bytes().to_vec(),
        Form::Int4 => text.parse::<i32>().ok()?.to_be_bytes().to_vec(),
        Form::Int8 => text.parse::<i64>().ok()?.to_be_bytes().to_vec(),
        Form::Oid => text.parse::<u32>().ok()?.to_be_bytes().to_vec(),
        Form::Float8 => text.parse::<f64>().ok()?.to_be_bytes().to_vec(),
        Form::Text | Form::Enum(_) | Form::Json => text.as_bytes().to_vec(),
        // The version of the format, which is 1 (`jsonb_recv`).
        Form::Jsonb => [b"\x01", text.as_bytes()].concat(),
        Form::Uuid => text.parse::<uuid::Uuid>().ok()?.as_bytes().to_vec(),
        // float4 among them: Postgres refuses a number that its four bytes cannot hold.
        _ => return None,
    })
}

/// An array of one dimension from the bytes of its elements, none of which is NULL (`array_recv`).
pub(crate) fn encode_array_header<'e>(
    element_oid: u32,
    elements: impl ExactSizeIterator<Item = &'e [u8]>,
) -> Vec<u8> {
    let count = i32::try_from(elements.len()).unwrap_or(i32::MAX);
    let mut bytes = Vec::new();
    let dimensions = i32::from(count > 0);
    bytes.extend(dimensions.to_be_bytes());
    bytes.extend(0_i32.to_be_bytes());
    bytes.extend(element_oid.to_be_bytes());
    if count > 0 {
        bytes.extend(count.to_be_bytes());
        bytes.extend(1_i32.to_be_bytes());
    }
    for element in elements {
        let length = i32::try_from(element.len()).unwrap_or(i32::MAX);
        bytes.extend(length.to_be_bytes());
        bytes.extend(element);
    }
    bytes
}
