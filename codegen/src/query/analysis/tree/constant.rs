//! Constants: whether they are NULL, and their bytes, only to be compared.

use super::node::{Node, Tagged};

/// A literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Const {
    /// The OID of its type.
    pub(crate) type_oid: u32,
    /// Its bytes as the tree writes them; none for NULL.
    pub(crate) value: Option<String>,
}

/// The OID of `boolean`.
const BOOL: u32 = 16;

/// The OID of `text`.
const TEXT: u32 = 25;

/// The OIDs of `integer` and `bigint`.
const INT4: u32 = 23;
const INT8: u32 = 20;

impl Const {
    /// Its value, if it is an `integer` or `bigint` of 32 bits, whose eight bytes the tree writes, lowest first.
    pub(crate) fn integer(&self) -> Option<i64> {
        let (width, bytes) = self.value.as_deref()?.split_once(" [ ")?;
        if !matches!(self.type_oid, INT4 | INT8) || !matches!(width, "4" | "8") {
            return None;
        }
        let bytes = parse_bytes(bytes).try_into().ok()?;
        // `outDatum` (outfuncs.c) writes a by-value datum as all the bytes of a Datum, in the byte order of the server. One
        // that begins with the highest byte would give a number beyond 32 bits: then there is no proof, and no wrong one.
        let value = i64::from_le_bytes(bytes);
        i32::try_from(value).is_ok().then_some(value)
    }

    /// Whether it, which is an array, has no bitmap that says which elements are NULL: its
    /// `dataoffset` is 0. After the length of all, shifted by two bits, come the number of
    /// dimensions and that (`utils/array.h`).
    pub(crate) fn is_array_without_null(&self) -> bool {
        // `outDatum` writes `length [ byte byte … ]`.
        let Some((width, bytes)) = self.value.as_deref().and_then(|v| v.split_once(" [ ")) else {
            return false;
        };
        let bytes = parse_bytes(bytes);
        let number = |at: usize| {
            let bytes = bytes.get(at..at + 4)?.iter().rev();
            Some(bytes.fold(0, |number, byte| number << 8 | u32::from(*byte)))
        };
        let length = width.parse::<u32>().ok().and_then(|w| w.checked_mul(4));
        // Any other form of the length is one that this does not understand.
        length.is_some() && number(0) == length && number(8) == Some(0)
    }

    /// The characters of a `text`, which come after four bytes that hold its length.
    pub(crate) fn text(&self) -> Option<String> {
        let (_, bytes) = self.value.as_deref()?.split_once(" [ ")?;
        // A constant is never compressed, and the parser makes it with a header of four bytes
        // (`VARHDRSZ`).
        let bytes = parse_bytes(bytes).get(4..)?.to_vec();
        String::from_utf8(bytes)
            .ok()
            .filter(|_| self.type_oid == TEXT)
    }

    /// Whether it is NULL or `false`, so that a condition is not true by it.
    pub(crate) fn is_null_or_false(&self) -> bool {
        match &self.value {
            None => true,
            Some(_) => self.boolean() == Some(false),
        }
    }

    /// The value of a `boolean`: true if any of its bytes is not 0, whichever comes first on the server.
    fn boolean(&self) -> Option<bool> {
        let (_, bytes) = self.value.as_deref()?.split_once(" [ ")?;
        (self.type_oid == BOOL).then(|| parse_bytes(bytes).iter().any(|byte| *byte != 0))
    }

    /// Whether it is `true`.
    pub(crate) fn is_true(&self) -> bool {
        self.boolean() == Some(true)
    }

    /// Whether it, which is an array, has elements: dimensions, of which their number tells.
    pub(crate) fn is_array_with_elements(&self) -> bool {
        let bytes = self.value.as_deref().and_then(|v| v.split_once(" [ "));
        let bytes = bytes
            .map(|(_, bytes)| parse_bytes(bytes))
            .unwrap_or_default();
        // `ndim` is 0 for an empty array (utils/array.h).
        bytes.get(4..8).is_some_and(|number| number != [0; 4])
    }
}

/// The tree writes each byte as a signed number.
fn parse_bytes(words: &str) -> Vec<u8> {
    let numbers = words.split(' ').filter_map(|word| word.parse::<i16>().ok());
    numbers.map(|byte| byte.to_le_bytes()[0]).collect()
}

pub(super) fn convert(node: &Tagged) -> Option<Const> {
    // `constvalue` is `<>` for NULL, but the flag says it without doubt.
    let null = node.text("constisnull")? == "true";
    // Joined to one string: constants are mostly compared, seldom decoded.
    let words = node.values("constvalue").iter().filter_map(Node::text);
    let value = words.collect::<Vec<_>>().join(" ");
    Some(Const {
        type_oid: node.number("consttype")?,
        value: (!null).then_some(value),
    })
}

#[cfg(test)]
mod tests {
    use super::{BOOL, Const, INT4, INT8};

    fn constant(type_oid: u32, value: &str) -> Const {
        let value = Some(value.to_owned());
        Const { type_oid, value }
    }

    #[test]
    fn numbers_are_read_only_where_the_lowest_byte_comes_first() {
        for (type_oid, value, number) in [
            (INT4, "4 [ 1 0 0 0 0 0 0 0 ]", Some(1)),
            (INT8, "8 [ -2 -1 -1 -1 -1 -1 -1 -1 ]", Some(-2)),
            (INT4, "4 [ 0 0 0 0 0 0 0 1 ]", None),
            (INT8, "8 [ 0 0 0 0 0 0 0 1 ]", None),
            (BOOL, "1 [ 1 0 0 0 0 0 0 0 ]", None),
        ] {
            assert_eq!(constant(type_oid, value).integer(), number, "{value}");
        }
    }

    #[test]
    fn booleans_are_read_whichever_byte_comes_first() {
        for value in ["1 [ 1 0 0 0 0 0 0 0 ]", "1 [ 0 0 0 0 0 0 0 1 ]"] {
            let constant = constant(BOOL, value);
            assert!(
                constant.is_true() && !constant.is_null_or_false(),
                "{value}"
            );
        }
        let no = constant(BOOL, "1 [ 0 0 0 0 0 0 0 0 ]");
        assert!(no.is_null_or_false() && !no.is_true());
    }
}
