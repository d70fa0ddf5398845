//! Texts that the patterns of a check accept: LIKE, regular expressions, and lists of literals.
//!
//! It need not understand every pattern, because Postgres judges each text; one that no text is found for is reported.

use crate::sql::lexer::{TokenKind, words};
use crate::sql::quote::read_literal;

/// Texts for a column with this check, those with the token in them first.
pub(super) fn sample_check(definition: &str, token: &str) -> Vec<String> {
    let words = words(definition);
    let (mut with_token, mut literals) = (Vec::new(), Vec::new());
    for (index, word) in words.iter().enumerate() {
        if word.kind != TokenKind::String {
            continue;
        }
        let literal = read_literal(word.text);
        let before = index.checked_sub(1).map_or("", |before| words[before].text);
        match before {
            "~~" | "~~*" => with_token.push(sample_like(&literal, token)),
            "~" | "~*" => with_token.extend(sample_regex(&literal, token)),
            _ => literals.push(literal),
        }
    }
    with_token.extend(literals);
    with_token
}

/// `bkm\_%` → `bkm_` and the token.
fn sample_like(pattern: &str, token: &str) -> String {
    let mut sample = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => sample.extend(characters.next()),
            '%' => sample.push_str(token),
            '_' => sample.push('a'),
            other => sample.push(other),
        }
    }
    sample
}

/// The first alternative of a regular expression, with the token where the characters of a repeated class allow it.
fn sample_regex(pattern: &str, token: &str) -> Option<String> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut sampler = RegexSampler {
        characters: &characters,
        at: 0,
        token,
    };
    sampler.read_alternatives()
}

struct RegexSampler<'r> {
    characters: &'r [char],
    at: usize,
    token: &'r str,
}

/// The characters that one atom accepts, or the text of a group.
enum Atom {
    Class(Vec<char>),
    Group(String),
    Nothing,
}

impl RegexSampler<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn read_alternatives(&mut self) -> Option<String> {
        let mut first = None;
        loop {
            let sequence = self.read_sequence()?;
            first.get_or_insert(sequence);
            match self.peek() {
                Some('|') => self.at += 1,
                _ => return first,
            }
        }
    }

    fn read_sequence(&mut self) -> Option<String> {
        let mut text = String::new();
        while let Some(character) = self.peek() {
            if character == '|' || character == ')' {
                break;
            }
            let atom = self.read_atom()?;
            let (least, most) = self.read_quantifier()?;
            match atom {
                Atom::Nothing => {}
                Atom::Group(group) => text.push_str(&group.repeat(least)),
                Atom::Class(class) => text.push_str(&self.repeat_class(&class, least, most)?),
            }
        }
        Some(text)
    }

    fn repeat_class(&self, class: &[char], least: usize, most: usize) -> Option<String> {
        let first = *class.first()?;
        let length = self.token.chars().count();
        let fits = most >= length && self.token.chars().all(|c| class.contains(&c));
        if fits && class.len() > 1 {
            let padding = least.saturating_sub(length);
            return Some(std::iter::repeat_n(first, padding).collect::<String>() + self.token);
        }
        Some(std::iter::repeat_n(first, least).collect())
    }

    fn read_atom(&mut self) -> Option<Atom> {
        let character = self.peek()?;
        self.at += 1;
        Some(match character {
            '^' | '$' => Atom::Nothing,
            '(' => {
                if self.peek() == Some('?') {
                    // `(?:`; a look-ahead is not understood.
                    (self.characters.get(self.at + 1) == Some(&':')).then_some(())?;
                    self.at += 2;
                }
                let group = self.read_alternatives()?;
                (self.peek() == Some(')')).then_some(())?;
                self.at += 1;
                Atom::Group(group)
            }
            '[' => Atom::Class(self.read_class()?),
            '.' => Atom::Class(list_range('a', 'z').chain(list_range('0', '9')).collect()),
            '\\' => Atom::Class(self.read_escape()?),
            other => Atom::Class(vec![other]),
        })
    }

    fn read_escape(&mut self) -> Option<Vec<char>> {
        let escaped = self.peek()?;
        self.at += 1;
        Some(match escaped {
            'd' => list_range('0', '9').collect(),
            'w' => list_range('a', 'z').chain(list_range('0', '9')).collect(),
            's' => vec![' '],
            other => vec![other],
        })
    }

    fn read_class(&mut self) -> Option<Vec<char>> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut class = Vec::new();
        loop {
            let character = self.peek()?;
            self.at += 1;
            match character {
                // A `]` that comes first is one of the characters.
                ']' if !class.is_empty() => break,
                '\\' => class.extend(self.read_escape()?),
                '[' if self.peek() == Some(':') => {
                    let length = self.characters[self.at..].iter().position(|c| *c == ']')?;
                    self.at += length + 1;
                    class.extend(list_range('a', 'z').chain(list_range('0', '9')));
                }
                first
                    if self.peek() == Some('-')
                        && self.characters.get(self.at + 1) != Some(&']') =>
                {
                    self.at += 1;
                    let last = self.peek()?;
                    self.at += 1;
                    class.extend(list_range(first, last));
                }
                other => class.push(other),
            }
        }
        if negated {
            let all = list_range('a', 'z').chain(list_range('0', '9'));
            class = all.filter(|c| !class.contains(c)).collect();
        }
        Some(class)
    }

    /// How often at least and at most.
    fn read_quantifier(&mut self) -> Option<(usize, usize)> {
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let length = self.characters[self.at..].iter().position(|c| *c == '}')?;
                let inside: String = self.characters[self.at + 1..self.at + length]
                    .iter()
                    .collect();
                self.at += length;
                let (least, most) = inside.split_once(',').unwrap_or((&inside, &inside));
                (least.parse().ok()?, most.parse().unwrap_or(usize::MAX))
            }
            _ => return Some((1, 1)),
        };
        self.at += 1;
        if self.peek() == Some('?') {
            self.at += 1;
        }
        Some((least, most))
    }
}

fn list_range(first: char, last: char) -> impl Iterator<Item = char> {
    first..=last
}

#[cfg(test)]
mod tests {
    use super::sample_check;

    #[test]
    fn texts_have_the_token_where_the_pattern_allows_it() {
        for (check, expected) in [
            (r"CHECK (id ~~ 'bkm\_%'::text)", "bkm_afeed0001"),
            (
                "CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text)",
                "afeed0001",
            ),
            (r"CHECK (code ~ '^[A-Z]{3}-\d{2}$')", "AAA-00"),
            (
                "CHECK (url ~ '^https?://[^/]+/.*$')",
                "http://afeed0001/afeed0001",
            ),
            ("CHECK (hash ~ '^[0-9a-f]{12}$')", "000afeed0001"),
            ("CHECK (kind ~ '^(one|two)$')", "one"),
            ("CHECK (kind = ANY (ARRAY['x'::text, 'y'::text]))", "x"),
        ] {
            let samples = sample_check(check, "afeed0001");
            assert_eq!(
                samples.first().map(String::as_str),
                Some(expected),
                "{check}"
            );
        }
    }

    #[test]
    fn a_pattern_that_is_not_understood_gives_no_text() {
        assert_eq!(sample_check("CHECK (a ~ '(?=x)x')", "t"), [""; 0]);
    }
}
