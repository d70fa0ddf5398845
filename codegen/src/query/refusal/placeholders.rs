//! Parameters in the spelling of another tool: `?`, `%s`, `%(name)s`, `{name}`, `=@name`.
//!
//! Postgres reads each of them as something else, or not at all, so its message never says that it is about a parameter.

use super::Advice;
use super::statement::{RefusedStatement, is_keyword};
use crate::sql::lexer::{TokenKind, Word};

/// A parameter as another tool writes it.
struct Placeholder<'w> {
    /// The index of its last word.
    last: usize,
    /// An operator that its first word has in front of it, as `=` in `=@name`.
    operator: &'w str,
    name: Option<String>,
}

/// A spelling: the parameter that begins at an index, if it is written so.
type Spelling = for<'w> fn(&'w [Word<'w>], usize) -> Option<Placeholder<'w>>;

const SPELLINGS: &[Spelling] = &[
    read_braces,
    read_colon,
    read_dollar,
    read_percent,
    read_question_mark,
];

/// Advice about the first such parameter of the statement.
pub(super) fn advise(refused: &RefusedStatement<'_>) -> Option<Advice> {
    let words = &refused.words;
    let read_any = |index| {
        let mut spellings = SPELLINGS.iter();
        spellings.find_map(|spelling: &Spelling| spelling(words, index))
    };
    let mut found = (0..words.len()).filter_map(|index| Some((index, read_any(index)?)));
    // `=@` may be an operator of the project, so it is a mistake only where Postgres says so.
    let at_sign = refused
        .at
        .and_then(|at| Some((at, read_at_sign(words, at)?)));
    let (first, placeholder) = at_sign.or_else(|| found.next())?;
    let start = words.get(first)?.range.start;
    let end = words.get(placeholder.last)?.range.end;
    let name = placeholder.name.clone();
    let name = name.unwrap_or_else(|| guess_name(refused, first, placeholder.operator));
    let space = if placeholder.operator.is_empty() {
        ""
    } else {
        " "
    };
    let parameter = format!("{}{space}:{name}", placeholder.operator);
    let help = format!("write a parameter as a colon and a name: `{parameter}`");
    let place = refused.span(start..end);
    Some(Advice::at(place.clone(), help).with_fix(place, parameter))
}

/// `{name}`, `{{ name }}`, `${name}`, `#{name}`: no brace is SQL outside of quotes.
fn read_braces<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    is_punctuation(words, index, "{").then_some(())?;
    let name = (index + 1..words.len()).find_map(|at| words[at].name());
    // The last brace with nothing but names and braces before it, for `{{ name }}`.
    let close = (index + 1..words.len()).rev().find(|at| {
        let between = &words[index + 1..*at];
        words[*at].text == "}"
            && between
                .iter()
                .all(|word| word.name().is_some() || word.text == "}" || word.text == "{")
    });
    Some(Placeholder {
        last: close.unwrap_or(index),
        operator: "",
        name,
    })
}

/// `: name`, `:'name'`, `:"name"`; a colon inside of brackets is that of a slice.
fn read_colon<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    // `a[1:n]` is a slice, whose colon follows an operand.
    let is_free = is_punctuation(words, index, ":") && !ends_operand(words, index);
    let next = words.get(index + 1).filter(|_| is_free)?;
    let quoted = (next.kind == TokenKind::String).then(|| next.text.trim_matches('\'').to_owned());
    Some(Placeholder {
        last: index + 1,
        operator: "",
        name: Some(next.name().or(quoted)?),
    })
}

/// `$name`
fn read_dollar<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    is_punctuation(words, index, "$").then_some(())?;
    let name = words.get(index + 1)?.name()?;
    Some(Placeholder {
        last: index + 1,
        operator: "",
        name: Some(name),
    })
}

/// `%s`, `=%s`, `%(name)s`; `a %s` is a remainder.
fn read_percent<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    let word = words.get(index)?;
    let operator = operator_before(word, '%')?;
    let is_free = !operator.is_empty() || !ends_operand(words, index);
    if !is_free || !touches(words, index) {
        return None;
    }
    let next = words.get(index + 1)?;
    if next.is("s") || next.is("d") {
        return Some(Placeholder {
            last: index + 1,
            operator,
            name: None,
        });
    }
    let is_letter = |word: &&Word<'_>| word.is("s") || word.is("d");
    words.get(index + 4).filter(is_letter)?;
    let name = words[index + 2].name().filter(|_| next.text == "(")?;
    Some(Placeholder {
        last: index + 4,
        operator,
        name: Some(name),
    })
}

/// `?`, `=?`, `?1`. The operators of jsonb have an operand on the right.
fn read_question_mark<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    let operator = operator_before(words.get(index)?, '?')?;
    let next = words.get(index + 1);
    let is_numbered =
        next.is_some_and(|next| next.kind == TokenKind::Number) && touches(words, index);
    let is_free = !operator.is_empty() || !ends_operand(words, index);
    // `doc ? 'key'` is the operator of jsonb: it has operands on both sides.
    let begins_operand = next.is_some_and(|next| {
        !is_keyword(next)
            && !matches!(next.text, ")" | "," | "]")
            && next.kind != TokenKind::Operator
    });
    let is_placeholder = if is_numbered {
        is_free
    } else {
        !begins_operand
    };
    is_placeholder.then_some(Placeholder {
        last: index + usize::from(is_numbered),
        operator,
        name: None,
    })
}

/// `=@name`, which Postgres reads as the operator `=@`.
fn read_at_sign<'w>(words: &'w [Word<'w>], index: usize) -> Option<Placeholder<'w>> {
    let operator = operator_before(words.get(index)?, '@')?;
    // `<@` is an operator of Postgres: contained by.
    let is_joined = !matches!(operator, "" | "<") && touches(words, index);
    let name = words.get(index + 1)?.name().filter(|_| is_joined)?;
    Some(Placeholder {
        last: index + 1,
        operator,
        name: Some(name),
    })
}

/// The operator in front of the mark that ends the word: `=` of `=?`, nothing of `?`.
fn operator_before<'w>(word: &'w Word<'w>, mark: char) -> Option<&'w str> {
    let is_operator = word.kind == TokenKind::Operator;
    word.text.strip_suffix(mark).filter(|_| is_operator)
}

fn is_punctuation(words: &[Word<'_>], index: usize, text: &str) -> bool {
    let word = words.get(index);
    word.is_some_and(|word| word.kind == TokenKind::Punctuation && word.text == text)
}

/// Whether nothing is between a word and the next.
fn touches(words: &[Word<'_>], index: usize) -> bool {
    let pair = words.get(index).zip(words.get(index + 1));
    pair.is_some_and(|(left, right)| left.range.end == right.range.start)
}

/// Whether an operand ends before the word, so that an operator can follow it.
fn ends_operand(words: &[Word<'_>], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| words.get(before));
    before.is_some_and(|word| match word.kind {
        TokenKind::Word => !is_keyword(word),
        TokenKind::Operator | TokenKind::Semicolon => false,
        TokenKind::Punctuation => matches!(word.text, ")" | "]"),
        _ => true,
    })
}

/// The column that the parameter is compared with, as a name for it.
fn guess_name(refused: &RefusedStatement<'_>, first: usize, operator: &str) -> String {
    let before = first.checked_sub(1).map(|before| &refused.words[before]);
    if let Some(clause) = before.filter(|word| word.is("LIMIT") || word.is("OFFSET")) {
        return clause.text.to_ascii_lowercase();
    }
    // Without an operator of its own, that is the word before.
    let operator_at = first.checked_sub(usize::from(operator.is_empty()));
    let words = &refused.words;
    let compared = operator_at.filter(|at| words[*at].kind == TokenKind::Operator);
    let column = compared.and_then(|at| words.get(at.checked_sub(1)?)?.name());
    column.unwrap_or_else(|| "name".to_owned())
}

#[cfg(test)]
mod tests {
    use super::SPELLINGS;
    use crate::sql::lexer::words;

    fn find_names(sql: &str) -> String {
        let words = words(sql);
        let found = (0..words.len()).filter_map(|index| {
            let found = SPELLINGS
                .iter()
                .find_map(|spelling| spelling(&words, index));
            found.map(|found| found.name.unwrap_or_else(|| "-".to_owned()))
        });
        found.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_spellings_of_other_tools_are_found() {
        assert_eq!(find_names("SELECT 1 WHERE a = ? AND b=? LIMIT ?"), "- - -");
        assert_eq!(
            find_names("INSERT INTO t VALUES (?, ?1, %s, =%s)"),
            "- - - -"
        );
        assert_eq!(
            find_names("SELECT %(one)s, {two}, {{ three }}, ${four}"),
            "one two three three four"
        );
        assert_eq!(
            find_names("SELECT : five, :'six', $seven"),
            "five six seven"
        );
    }

    #[test]
    fn operators_of_postgres_are_no_parameters() {
        for sql in [
            "SELECT doc ? 'a', doc ?| :keys, doc ?& :keys, doc @? '$.a'",
            "SELECT a % s, a %b, a[1:n], a::int, f(x := 1)",
            "SELECT :name?, :names[?], @name, $1, point '1,2' ?- point '1,3'",
        ] {
            assert_eq!(find_names(sql), "", "{sql}");
        }
    }
}
