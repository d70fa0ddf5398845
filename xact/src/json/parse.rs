//! JSON text to a [`Value`]: as `serde_json` reads it, but with every digit of every number.

use std::collections::BTreeMap;

use serde::de::Error as _;

use super::{Number, Value, number, value};

/// As deep as `serde_json` goes: values this deep are dropped, compared and written by recursion.
const DEEPEST: usize = 128;

/// Reads one value and nothing behind it.
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let value = parser.value()?;
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.error("text behind the value")),
    }
}

struct Parser<'j> {
    text: &'j str,
    at: usize,
    depth: usize,
}

impl<'j> Parser<'j> {
    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let spaces = rest.iter().take_while(|byte| b" \t\r\n".contains(byte));
        self.at += spaces.count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Says where, and never what is there.
    fn error(&self, problem: &str) -> serde_json::Error {
        serde_json::Error::custom(format!("{problem}, at byte {} of the JSON", self.at))
    }

    fn value(&mut self) -> Result<Value, serde_json::Error> {
        match self.peek() {
            Some(b'{') => self.deeper(Self::object),
            Some(b'[') => self.deeper(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(_) => Err(self.error("no value")),
            None => Err(self.error("the text ends")),
        }
    }

    fn deeper(
        &mut self,
        read: fn(&mut Self) -> Result<Value, serde_json::Error>,
    ) -> Result<Value, serde_json::Error> {
        if self.depth == DEEPEST {
            return Err(self.error(&format!("more than {DEEPEST} levels")));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value, serde_json::Error> {
        let mut values = Vec::new();
        if self.take(b']') {
            return Ok(Value::Array(values));
        }
        loop {
            values.push(self.value()?);
            if self.take(b']') {
                return Ok(Value::Array(values));
            }
            self.expect(b',', "no `,` or `]`")?;
        }
    }

    fn object(&mut self) -> Result<Value, serde_json::Error> {
        let mut values = BTreeMap::new();
        if self.take(b'}') {
            return Ok(Value::Object(values));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.error("no key"));
            }
            let key = self.string()?;
            self.expect(b':', "no `:`")?;
            // Of keys that are there twice Postgres takes the last, too.
            values.insert(key, self.value()?);
            if self.take(b'}') {
                return Ok(value::of_object(values));
            }
            self.expect(b',', "no `,` or `}`")?;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, problem: &str) -> Result<(), serde_json::Error> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(self.error(problem))
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, serde_json::Error> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("no value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, serde_json::Error> {
        let rest = &self.text[self.at..];
        let length = number::length(rest.as_bytes()).ok_or_else(|| self.error("no number"))?;
        self.at += length;
        Ok(Value::Number(Number::of_text(&rest[..length])))
    }

    fn string(&mut self) -> Result<String, serde_json::Error> {
        let rest: &'j str = &self.text[self.at..];
        let bytes = rest.as_bytes();
        let mut end = 1;
        let mut is_plain = true;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_plain = false;
                    end += 2;
                }
                Some(0..0x20) => return Err(self.error("a control character in a text")),
                Some(_) => end += 1,
                None => return Err(self.error("a text without an end")),
            }
        }
        let read = if is_plain {
            rest[1..end].to_owned()
        } else {
            let text = serde_json::from_str(&rest[..=end]);
            text.map_err(|_| self.error("an escape in a text that is none"))?
        };
        self.at += end + 1;
        Ok(read)
    }
}
