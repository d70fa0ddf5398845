//! JSON text to a [`Value`]: as `serde_json` reads it, but with every digit of every number.

use std::collections::BTreeMap;

use serde::de::Error as _;

use super::{Number, Value, number, value};

/// The depth of `serde_json`: values are dropped, compared and written by recursion, which must not overflow the stack.
const DEEPEST: usize = 128;

/// Reads one value; text behind it is an error.
pub(super) fn parse_json(text: &str) -> Result<Value, serde_json::Error> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let value = parser.parse_value()?;
    match parser.peek_byte() {
        None => Ok(value),
        Some(_) => Err(parser.error_here("text behind the value")),
    }
}

struct Parser<'j> {
    text: &'j str,
    at: usize,
    depth: usize,
}

impl<'j> Parser<'j> {
    /// The next byte that is no space.
    fn peek_byte(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let spaces = rest.iter().take_while(|byte| b" \t\r\n".contains(byte));
        self.at += spaces.count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Names the position, and never quotes the text there, which may be a value of a row.
    fn error_here(&self, problem: &str) -> serde_json::Error {
        serde_json::Error::custom(format!("{problem}, at byte {} of the JSON", self.at))
    }

    fn parse_value(&mut self) -> Result<Value, serde_json::Error> {
        match self.peek_byte() {
            Some(b'{') => self.parse_nested(Self::parse_object),
            Some(b'[') => self.parse_nested(Self::parse_array),
            Some(b'"') => self.parse_string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.parse_number(),
            Some(b'n') => self.parse_word("null", Value::Null),
            Some(b't') => self.parse_word("true", Value::Bool(true)),
            Some(b'f') => self.parse_word("false", Value::Bool(false)),
            Some(_) => Err(self.error_here("no value")),
            None => Err(self.error_here("the text ends")),
        }
    }

    fn parse_nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value, serde_json::Error>,
    ) -> Result<Value, serde_json::Error> {
        if self.depth == DEEPEST {
            return Err(self.error_here(&format!("more than {DEEPEST} levels")));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn parse_array(&mut self) -> Result<Value, serde_json::Error> {
        let mut values = Vec::new();
        if self.take_byte(b']') {
            return Ok(Value::Array(values));
        }
        loop {
            values.push(self.parse_value()?);
            if self.take_byte(b']') {
                return Ok(Value::Array(values));
            }
            self.expect_byte(b',', "no `,` or `]`")?;
        }
    }

    fn parse_object(&mut self) -> Result<Value, serde_json::Error> {
        let mut values = BTreeMap::new();
        if self.take_byte(b'}') {
            return Ok(Value::Object(values));
        }
        loop {
            if self.peek_byte() != Some(b'"') {
                return Err(self.error_here("no key"));
            }
            let key = self.parse_string()?;
            self.expect_byte(b':', "no `:`")?;
            // The last of duplicate keys wins, as in `jsonb`.
            values.insert(key, self.parse_value()?);
            if self.take_byte(b'}') {
                return Ok(value::of_object(values));
            }
            self.expect_byte(b',', "no `,` or `}`")?;
        }
    }

    fn take_byte(&mut self, byte: u8) -> bool {
        let found = self.peek_byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect_byte(&mut self, byte: u8, problem: &str) -> Result<(), serde_json::Error> {
        if self.take_byte(byte) {
            Ok(())
        } else {
            Err(self.error_here(problem))
        }
    }

    fn parse_word(&mut self, word: &str, value: Value) -> Result<Value, serde_json::Error> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error_here("no value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn parse_number(&mut self) -> Result<Value, serde_json::Error> {
        let rest = &self.text[self.at..];
        let length =
            number::measure_number(rest.as_bytes()).ok_or_else(|| self.error_here("no number"))?;
        self.at += length;
        Ok(Value::Number(Number::of_text(&rest[..length])))
    }

    fn parse_string(&mut self) -> Result<String, serde_json::Error> {
        let rest: &'j str = &self.text[self.at..];
        let bytes = rest.as_bytes();
        let mut end = 1;
        let mut is_plain = true;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    // A quote that is escaped ends no text.
                    end += 2;
                }
                Some(0..0x20) => return Err(self.error_here("a control character in a text")),
                Some(_) => end += 1,
                None => return Err(self.error_here("a text without an end")),
            }
        }
        let read = if is_plain {
            rest[1..end].to_owned()
        } else {
            // Escapes, with their surrogate pairs, are left to `serde_json`.
            let text = serde_json::from_str(&rest[..=end]);
            text.map_err(|_| self.error_here("an escape in a text that is none"))?
        };
        self.at += end + 1;
        Ok(read)
    }
}
