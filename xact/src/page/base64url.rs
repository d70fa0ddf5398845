//! Bytes as text that a URL carries unchanged: base64url without padding (RFC 4648, section 5).

use std::fmt::{self, Write as _};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes the text of `bytes`.
pub(super) fn write_text(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        // One byte is two letters, two are three, three are four.
        for letter in 0..=chunk.len() {
            let six = (bits >> (18 - 6 * letter)) & 63;
            f.write_char(char::from(ALPHABET[six as usize]))?;
        }
    }
    Ok(())
}

/// The bytes of a text; none if it is not the one text of some bytes.
pub(super) fn read_text(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for letter in chunk {
            bits = bits << 6 | read_letter(*letter)?;
        }
        let missing = 4 - chunk.len();
        bits <<= 6 * missing;
        let [_, all @ ..] = bits.to_be_bytes();
        let (whole, rest) = all.split_at(3_usize.checked_sub(missing)?);
        // A single letter is no byte, and bits left over have to be zero: two texts would be the same cursor.
        if whole.is_empty() || rest.iter().any(|rest| *rest != 0) {
            return None;
        }
        bytes.extend_from_slice(whole);
    }
    Some(bytes)
}

fn read_letter(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::{read_text, write_text};
    use std::fmt;

    struct Text<'b>(&'b [u8]);

    impl fmt::Display for Text<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write_text(self.0, f)
        }
    }

    #[test]
    fn the_text_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(Text(bytes.as_bytes()).to_string(), text);
            assert_eq!(read_text(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(Text(&[0xfb, 0xff]).to_string(), "-_8");
    }

    #[test]
    fn bytes_have_one_text() {
        for text in [
            "Z", "Zh", "Zm9", "Zg==", "Zm8=", "Zm9v\n", "Zm9+", "Zm9/", "Zé",
        ] {
            assert_eq!(read_text(text), None, "{text}");
        }
    }

    #[test]
    fn each_text_that_is_read_is_written_the_same() {
        let letters = super::ALPHABET.map(char::from);
        for length in 0..9 {
            for _ in 0..200 {
                let text: String = (0..length)
                    .map(|_| letters[fastrand::usize(..letters.len())])
                    .collect();
                if let Some(bytes) = read_text(&text) {
                    assert_eq!(Text(&bytes).to_string(), text);
                }
            }
        }
    }
}
