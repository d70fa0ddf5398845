//! Cuts a query file into tokens, by Postgres's own lexical rules.
//!
//! Given: the text of a file. Gives: tokens that cover every byte of it, in order. Never
//! fails: an unterminated quote or comment becomes an `Unterminated` token that reaches the end.
//!
//! The rules are those of chapter 4.1 of Postgres's manual, "Lexical Structure", with the
//! parameters of query files on top: `:name`, `:name?`, `@name`.

mod brackets;
mod words;

pub use brackets::{find_closing, find_opening, outside, split_elements};
pub use words::{Word, words};

use std::ops::Range;

/// One token: its kind and its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub kind: TokenKind,
    /// Byte offsets into the text.
    pub range: Range<usize>,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Blanks and line ends, and a byte-order mark.
    Space,
    /// `-- …` up to the line end.
    LineComment,
    /// `/* … */`, nested.
    BlockComment,
    /// A keyword or an identifier without quotes.
    Word,
    /// `"…"`, also `U&"…"`.
    QuotedIdentifier,
    /// `'…'` with any prefix, or `$tag$…$tag$`.
    String,
    /// `12`, `1.5e3`, `0x1F`.
    Number,
    /// `$1`.
    Positional,
    /// `:name` or `@name`; the marks of `:name?` and `:name[?]` are part of it.
    Named,
    /// Operators, and `::` and `:=`.
    Operator,
    /// `;`.
    Semicolon,
    /// A parenthesis, bracket, comma, dot or single colon, or a byte Postgres will refuse.
    Punctuation,
    /// A string, comment or quoted identifier without an end.
    Unterminated,
}

impl TokenKind {
    /// Whether the token is blank or a comment.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Space | Self::LineComment | Self::BlockComment)
    }
}

/// The name that an identifier means: folded to lower case unless it is in quotes. Escapes of `U&"…"` stay as they are.
pub fn identifier(written: &str) -> String {
    let quoted = written.find('"').map(|start| &written[start + 1..]);
    match quoted.and_then(|quoted| quoted.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\""),
        // Postgres folds ASCII letters alone in UTF-8 databases (`downcase_identifier`, scansup.c).
        None => written.to_ascii_lowercase(),
    }
}

/// Cuts `text` into tokens that cover it without a gap.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        at: 0,
        brackets: Vec::new(),
        operand_before: false,
    };
    let mut tokens = Vec::new();
    while lexer.at < text.len() {
        let start = lexer.at;
        let kind = lexer.next_kind();
        lexer.note(kind, start);
        tokens.push(Token {
            kind,
            range: start..lexer.at,
        });
    }
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// The open parentheses and brackets, to tell `a[1:n]` from a parameter.
    brackets: Vec<u8>,
    /// Whether the last token that is not trivia ends an operand.
    operand_before: bool,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// The byte `ahead` of the current one, or 0 past the end.
    fn peek(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    fn next_kind(&mut self) -> TokenKind {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {
                self.while_bytes(is_space, TokenKind::Space)
            }
            // A byte order mark, which some editors write and Postgres refuses.
            _ if self.rest().starts_with('\u{feff}') => self.take(3, TokenKind::Space),
            // Comments before operators: `--` and `/*` consist of operator characters.
            b'-' if self.peek(1) == b'-' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'\'' => self.string(1, Escapes::Doubled),
            b'"' => self.quoted_identifier(1),
            b'$' => self.dollar(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b':' => self.colon(),
            // Surprise: `@x` is Postgres's absolute value too; sqlc's spelling wins, and `@ x` is still the operator.
            b'@' if is_word_start(self.peek(1)) => self.named(1),
            b';' => self.take(1, TokenKind::Semicolon),
            _ if is_word_start(byte) => self.word(),
            _ if is_operator(byte) => self.operator(),
            _ => self.take(1, TokenKind::Punctuation),
        }
    }

    /// Remembers the state that a later colon depends on.
    fn note(&mut self, kind: TokenKind, start: usize) {
        if kind.is_trivia() {
            return;
        }
        let byte = self.text.as_bytes()[start];
        match byte {
            b'(' | b'[' => self.brackets.push(byte),
            b')' | b']' => drop(self.brackets.pop()),
            _ => {}
        }
        // Decides whether a colon in square brackets is a slice's: `a[i:j]`, but `ARRAY[:i]`.
        self.operand_before = match kind {
            TokenKind::Operator | TokenKind::Semicolon => false,
            TokenKind::Punctuation => matches!(byte, b')' | b']'),
            _ => true,
        };
    }

    fn take(&mut self, bytes: usize, kind: TokenKind) -> TokenKind {
        self.at += bytes;
        kind
    }

    fn while_bytes(&mut self, belongs: fn(u8) -> bool, kind: TokenKind) -> TokenKind {
        while self.at < self.text.len() && belongs(self.peek(0)) {
            self.at += 1;
        }
        kind
    }

    /// Moves past the next `end`; without one, to the end of the text.
    fn past(&mut self, end: &str, kind: TokenKind) -> TokenKind {
        if let Some(found) = self.rest().find(end) {
            return self.take(found + end.len(), kind);
        }
        self.at = self.text.len();
        TokenKind::Unterminated
    }

    fn line_comment(&mut self) -> TokenKind {
        let length = self.rest().find(['\n', '\r']).unwrap_or(self.rest().len());
        self.take(length, TokenKind::LineComment)
    }

    fn block_comment(&mut self) -> TokenKind {
        // Block comments nest in Postgres (4.1.5), unlike in the SQL standard.
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return TokenKind::BlockComment;
                    }
                }
                _ => self.at += 1,
            }
        }
        TokenKind::Unterminated
    }

    /// A string whose opening quote is `prefix - 1` bytes ahead.
    fn string(&mut self, prefix: usize, escapes: Escapes) -> TokenKind {
        self.at += prefix;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                // Only in E'…': `standard_conforming_strings` is on since 9.1, and off is not
                // supported.
                (b'\\', _) if escapes == Escapes::Backslash => self.at += 2,
                (b'\'', b'\'') => self.at += 2,
                (b'\'', _) => return self.take(1, TokenKind::String),
                _ => self.at += 1,
            }
        }
        // An escape at the very end counts a byte that is not there.
        self.at = self.text.len();
        TokenKind::Unterminated
    }

    fn quoted_identifier(&mut self, prefix: usize) -> TokenKind {
        self.at += prefix;
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                (b'"', b'"') => self.at += 2,
                (b'"', _) => return self.take(1, TokenKind::QuotedIdentifier),
                _ => self.at += 1,
            }
        }
        TokenKind::Unterminated
    }

    /// `$1`, `$tag$…$tag$`, or a stray dollar.
    fn dollar(&mut self) -> TokenKind {
        // A tag cannot begin with a digit, so `$1$` is a parameter and a dollar.
        if self.peek(1).is_ascii_digit() {
            self.at += 1;
            return self.while_bytes(|b| b.is_ascii_digit(), TokenKind::Positional);
        }
        let tag = self.rest()[1..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || !c.is_ascii()))
            .filter(|length| self.peek(1 + length) == b'$')
            .map(|length| self.rest()[..length + 2].to_owned());
        match tag {
            Some(tag) => {
                self.at += tag.len();
                self.past(&tag, TokenKind::String)
            }
            None => self.take(1, TokenKind::Punctuation),
        }
    }

    /// Digits, letters and dots; an exponent may have a sign. `1..2` are two numbers' worth of dots.
    fn number(&mut self) -> TokenKind {
        loop {
            let byte = self.peek(0);
            let exponent = matches!(byte, b'e' | b'E');
            if exponent && matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit() {
                self.at += 2;
            // `1..10` of a PL/pgSQL loop is two numbers.
            } else if byte == b'.' && self.peek(1) == b'.' {
                return TokenKind::Number;
            // Covers `0x1F`, `1_000` (16) and junk behind a number, which Postgres refuses itself.
            } else if byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' {
                self.at += 1;
            } else {
                return TokenKind::Number;
            }
        }
    }

    /// `::`, `:=`, a parameter, or the colon of an array slice.
    fn colon(&mut self) -> TokenKind {
        match self.peek(1) {
            // A cast, and the old spelling of a named argument: neither begins a parameter.
            b':' | b'=' => self.take(2, TokenKind::Operator),
            next if is_word_start(next) && !self.in_slice() => self.named(1),
            _ => self.take(1, TokenKind::Punctuation),
        }
    }

    /// Directly inside brackets a colon after an operand separates the bounds of a slice:
    /// `a[1:n]`. After `[`, `,` or an operator it begins a parameter: `ARRAY[:a, :b]`.
    fn in_slice(&self) -> bool {
        self.brackets.last() == Some(&b'[') && self.operand_before
    }

    fn named(&mut self, prefix: usize) -> TokenKind {
        self.at += prefix;
        self.while_bytes(is_word, TokenKind::Named);
        // `[?]` is no subscript: no operand follows the operator.
        if [self.peek(0), self.peek(1), self.peek(2)] == *b"[?]" {
            self.at += 3;
        }
        // `?` also begins JSON operators: `:doc ?| …`. It is the mark where nothing of an
        // operator or an operand follows it.
        let next = self.peek(1);
        if self.peek(0) == b'?' && !is_operator(next) && !is_word(next) && next != b'\'' {
            self.at += 1;
        }
        TokenKind::Named
    }

    /// A word, or the prefix of a string: `E'…'`, `U&'…'`, `B'…'`, `X'…'`, `N'…'`.
    fn word(&mut self) -> TokenKind {
        match (
            self.peek(0).to_ascii_lowercase(),
            self.peek(1),
            self.peek(2),
        ) {
            (b'e', b'\'', _) => return self.string(2, Escapes::Backslash),
            (b'b' | b'x' | b'n', b'\'', _) => return self.string(2, Escapes::Doubled),
            (b'u', b'&', b'\'') => return self.string(3, Escapes::Doubled),
            (b'u', b'&', b'"') => return self.quoted_identifier(3),
            _ => {}
        }
        self.while_bytes(is_word, TokenKind::Word)
    }

    /// An operator ends before a comment begins, but not before `@`: Postgres reads `a=@b` with one
    /// operator `=@`, and so does this lexer.
    fn operator(&mut self) -> TokenKind {
        let start = self.at;
        while is_operator(self.peek(0)) {
            // `a+--x`: an operator ends where a comment begins (4.1.3).
            let comment = matches!((self.peek(0), self.peek(1)), (b'-', b'-') | (b'/', b'*'));
            if comment && self.at > start {
                break;
            }
            self.at += 1;
        }
        TokenKind::Operator
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// `''` is a quote.
    Doubled,
    /// A backslash takes the next character with it, as well.
    Backslash,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Letters, underscores and everything that is not ASCII.
fn is_word_start(byte: u8) -> bool {
    // Any byte beyond ASCII is a letter to Postgres (scan.l, `ident_start`).
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

#[cfg(test)]
mod tests;
