//! The words of one section, with the brackets that each is in.

use super::outline::Section;
use std::ops::Range;
use xact_codegen::query::lex_sections;
use xact_codegen::sql::lexer::{TokenKind, Word};

/// The words of a section; their ranges are those of the file.
pub(crate) struct SectionWords<'t> {
    pub(crate) words: Vec<Word<'t>>,
    /// The bracket that each word is in: the index of the word that opens it.
    groups: Vec<Option<usize>>,
}

/// Reads the words of a section. The semicolon and everything behind it belong to it too, because the next query may be begun there.
pub(crate) fn read_words<'t>(text: &'t str, section: &Section) -> SectionWords<'t> {
    let start = section.body.start;
    let mut words: Vec<Word<'t>> = Vec::new();
    let (mut groups, mut open): (Vec<Option<usize>>, Vec<usize>) = (Vec::new(), Vec::new());
    for token in lex_sections(&text[section.body.clone()]) {
        if token.kind.is_trivia() {
            continue;
        }
        let range = token.range.start + start..token.range.end + start;
        let written = &text[range.clone()];
        if token.kind == TokenKind::Semicolon {
            open.clear();
        }
        if matches!(written, ")" | "]") {
            open.pop();
        }
        groups.push(open.last().copied());
        words.push(Word {
            kind: token.kind,
            text: written,
            range,
            depth: open.len(),
        });
        if matches!(written, "(" | "[") {
            open.push(words.len() - 1);
        }
    }
    SectionWords { words, groups }
}

impl SectionWords<'_> {
    /// The bracket that a word is in.
    pub(crate) fn group(&self, index: usize) -> Option<usize> {
        self.groups.get(index).copied().flatten()
    }

    /// The brackets around an offset, the innermost first; the last is none at all.
    pub(crate) fn groups_around(&self, offset: usize) -> Vec<Option<usize>> {
        let before = self.words.partition_point(|word| word.range.start < offset);
        let mut group = match before.checked_sub(1) {
            None => None,
            Some(last) if matches!(self.words[last].text, "(" | "[") => Some(last),
            Some(last) if self.words[last].kind == TokenKind::Semicolon => None,
            // Behind a closing bracket the bracket around it is the one that counts, which is that of the closing one.
            Some(last) => self.group(last),
        };
        let mut around = vec![group];
        while let Some(open) = group {
            group = self.group(open);
            around.push(group);
        }
        around
    }

    /// The word that closes the bracket at `open`; without one, the number of words.
    pub(crate) fn closing(&self, open: usize) -> usize {
        let inside = self.groups[open + 1..].iter().take_while(|group| {
            let mut group = **group;
            while group.is_some_and(|inner| inner > open) {
                group = group.and_then(|inner| self.groups[inner]);
            }
            group == Some(open)
        });
        open + 1 + inside.count()
    }

    pub(crate) fn is(&self, index: usize, keyword: &str) -> bool {
        self.words.get(index).is_some_and(|word| word.is(keyword))
    }

    pub(crate) fn text(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| word.text)
    }

    pub(crate) fn range(&self, from: usize, to: usize) -> Range<usize> {
        self.words[from].range.start..self.words[to].range.end
    }
}
