//! The brackets around words: where one is closed, and the elements of the list inside.
//!
//! Each word knows how many brackets are open around it, which the lexer counts once. A bracket itself is outside of
//! the words that it encloses.

use super::Word;
use std::ops::Range;

/// The bracket that closes the one at `open`.
///
/// ```
/// use xact_codegen::sql::lexer::{find_closing, words};
///
/// let words = words("f(a, (b), ')')");
/// assert_eq!(find_closing(&words, 1), Some(words.len() - 1));
/// ```
pub fn find_closing(words: &[Word<'_>], open: usize) -> Option<usize> {
    // A bracket has the depth of the words around it, so the next word of that depth is its other
    // end.
    let depth = words.get(open)?.depth;
    (open + 1..words.len()).find(|&at| words[at].depth == depth)
}

/// The parenthesis that the one at `close` closes.
pub fn find_opening(words: &[Word<'_>], close: usize) -> Option<usize> {
    let depth = words.get(close)?.depth;
    (0..close).rfind(|&at| words[at].depth == depth && words[at].text == "(")
}

/// The elements that commas separate outside of further brackets; none of an empty list.
///
/// ```
/// use xact_codegen::sql::lexer::{split_elements, words};
///
/// assert_eq!(split_elements(&words("a, f(b, c), d")).len(), 3);
/// assert_eq!(split_elements(&words("")).len(), 0);
/// ```
pub fn split_elements<'w, 't>(list: &'w [Word<'t>]) -> Vec<&'w [Word<'t>]> {
    let Some(depth) = list.first().map(|first| first.depth) else {
        return Vec::new();
    };
    list.split(|word| word.depth == depth && word.text == ",")
        .collect()
}

/// The indexes in `range` that are outside of further brackets.
pub fn outside<'w, 't>(
    words: &'w [Word<'t>],
    range: Range<usize>,
) -> impl Iterator<Item = usize> + use<'w, 't> {
    let depth = words.get(range.start).map_or(0, |word| word.depth);
    range.filter(move |&at| words[at].depth == depth)
}
