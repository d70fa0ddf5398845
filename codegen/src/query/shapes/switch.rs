//! The comments that are switches: `-- if :domain`, `-- if imported`, `-- end`, `-- order title: b.title, b.id`.
//!
//! Given: the text of a line comment. Gives: the switch, or the correct spelling if it is nearly one; prose is neither.

use std::ops::Range;

/// A comment that switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Switch {
    /// `-- if …`: its operands, and whether one of them suffices.
    If { operands: Vec<Operand>, any: bool },
    /// `-- end`
    End,
    /// `-- order newest`
    Order(String),
    /// `-- order title: …`, with the range of the expressions in the comment.
    Alternative(String, Range<usize>),
    /// It is nearly a switch; this is how to write it.
    Nearly(String),
}

/// `:domain` or `imported`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operand {
    pub(super) name: String,
    /// Whether it is on if the parameter of its name is given; otherwise it is a flag.
    pub(super) is_parameter: bool,
}

/// The switch that a comment is, if it is one.
pub(super) fn read_switch(comment: &str) -> Option<Switch> {
    let body = comment.trim_start_matches('-').trim();
    let exact = comment.starts_with("-- ") && !comment.starts_with("-- -");
    let lower = body.to_ascii_lowercase();
    // People write the ends that other languages have.
    if ["endif", "end if", "fi", "end;", "endif;"].contains(&lower.as_str()) {
        return Some(Switch::Nearly("-- end".to_owned()));
    }
    if lower == "end" {
        return Some(if exact && body == "end" {
            Switch::End
        } else {
            Switch::Nearly("-- end".to_owned())
        });
    }
    let (word, rest) = split_word(body);
    let is_exact = exact && word.chars().all(|c| c.is_ascii_lowercase());
    match word.to_ascii_lowercase().as_str() {
        "if" => read_if(rest, is_exact),
        "order" => read_order(comment, rest, is_exact),
        _ => None,
    }
}

/// The letters at the beginning, and the rest.
fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn read_if(rest: &str, is_exact: bool) -> Option<Switch> {
    let spaced = rest.starts_with(char::is_whitespace);
    let words: Vec<&str> = rest.split_whitespace().collect();
    if let Some((operands, any)) = read_operands(&words) {
        let has_parameter = operands.iter().any(|operand| operand.is_parameter);
        // Prose has no colon, and two words with `or` between them may be prose: only the rest is
        // taken for a slip.
        return match (is_exact && spaced, has_parameter || operands.len() == 1) {
            (true, _) => Some(Switch::If { operands, any }),
            (false, true) => Some(Switch::Nearly(spell(&operands, any))),
            (false, false) => None,
        };
    }
    // `-- if(:domain)`, `-- if :domain?`, `-- if :a, :b`: prose has no parameter as its first word.
    let operand = rest.trim_start().trim_start_matches(['(', ' ']);
    let (name, _) = split_word(operand.strip_prefix(':')?);
    let operand = Operand {
        name: name.to_owned(),
        is_parameter: true,
    };
    (!name.is_empty()).then(|| Switch::Nearly(spell(&[operand], false)))
}

/// `:a`, `:a or :b or c`, `:a and :b`
fn read_operands(words: &[&str]) -> Option<(Vec<Operand>, bool)> {
    let operands: Option<Vec<Operand>> = words.iter().step_by(2).map(|w| read_operand(w)).collect();
    let operands = operands.filter(|operands| !operands.is_empty())?;
    let between: Vec<&str> = words.iter().skip(1).step_by(2).copied().collect();
    let all = |word: &str| between.iter().all(|between| *between == word);
    let is_list = words.len() % 2 == 1 && (all("or") || all("and"));
    // Two words without `or` or `and` are prose: `-- if needed here`.
    is_list.then(|| (operands, !between.is_empty() && all("or")))
}

fn read_operand(word: &str) -> Option<Operand> {
    let (name, is_parameter) = match word.strip_prefix(':') {
        Some(name) => (name, true),
        None => (word, false),
    };
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins_well && name.chars().all(is_name)).then(|| Operand {
        name: name.to_owned(),
        is_parameter,
    })
}

fn spell(operands: &[Operand], any: bool) -> String {
    let operands = operands.iter().map(|operand| {
        let colon = if operand.is_parameter { ":" } else { "" };
        format!("{colon}{}", operand.name)
    });
    let between = if any { " or " } else { " and " };
    format!("-- if {}", operands.collect::<Vec<_>>().join(between))
}

fn read_order(comment: &str, rest: &str, is_exact: bool) -> Option<Switch> {
    let (name, after) = split_word(rest.trim_start());
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !begins_well {
        // `-- order: title` and `-- order :title` are nearly a switch if one name is all that follows.
        let (name, after) = split_word(rest.trim_start().strip_prefix(':')?.trim_start());
        let alone = !name.is_empty() && after.trim().is_empty();
        return alone.then(|| Switch::Nearly(format!("-- order {name}")));
    }
    let spaced = rest.starts_with(char::is_whitespace);
    let Some(expressions) = after.trim_start().strip_prefix(':') else {
        return match (after.trim().is_empty(), is_exact && spaced) {
            (true, true) => Some(Switch::Order(name.to_owned())),
            (true, false) => Some(Switch::Nearly(format!("-- order {name}"))),
            (false, _) => None,
        };
    };
    if !is_exact || !spaced || expressions.trim().is_empty() {
        return Some(Switch::Nearly(format!("-- order {name}: b.title, b.id")));
    }
    let end = comment.trim_end().len();
    let range = end - expressions.len()..end;
    Some(Switch::Alternative(name.to_owned(), range))
}

#[cfg(test)]
mod tests {
    use super::{Switch, read_switch};

    fn nearly(comment: &str) -> Option<String> {
        match read_switch(comment) {
            Some(Switch::Nearly(spelling)) => Some(spelling),
            _ => None,
        }
    }

    #[test]
    fn switches_are_read() {
        for comment in [
            "-- if :domain",
            "--  if imported ",
            "-- if :a or :b or c",
            "-- if :a and b",
        ] {
            let found = read_switch(comment);
            assert!(
                matches!(found, Some(Switch::If { .. })),
                "{comment}: {found:?}"
            );
        }
        assert_eq!(read_switch("-- end"), Some(Switch::End));
        assert_eq!(
            read_switch("-- order newest"),
            Some(Switch::Order("newest".to_owned()))
        );
        let comment = "-- order title: b.title, b.id ";
        let Some(Switch::Alternative(name, range)) = read_switch(comment) else {
            panic!("{:?}", read_switch(comment));
        };
        assert_eq!(
            (name.as_str(), comment[range].trim()),
            ("title", "b.title, b.id")
        );
    }

    #[test]
    fn near_misses_are_told_how_to_be_written() {
        let cases = [
            ("-- if:domain", "-- if :domain"),
            ("--if :domain", "-- if :domain"),
            ("-- IF :domain", "-- if :domain"),
            ("-- if (:domain)", "-- if :domain"),
            ("-- if :domain?", "-- if :domain"),
            ("-- if :domain is given", "-- if :domain"),
            ("--if imported", "-- if imported"),
            ("-- endif", "-- end"),
            ("--end", "-- end"),
            ("-- order: title", "-- order title"),
            ("--order title", "-- order title"),
            ("-- order title:", "-- order title: b.title, b.id"),
        ];
        for (written, meant) in cases {
            assert_eq!(nearly(written).as_deref(), Some(meant), "{written}");
        }
    }

    #[test]
    fn prose_is_left_alone() {
        let prose = [
            "-- if the user has no domain, all of them",
            "-- if needed here",
            "-- iffy",
            "-- end of the filters",
            "-- order matters here",
            "-- the newest first",
            "-- ordered: by id",
            "--",
        ];
        for comment in prose {
            assert_eq!(read_switch(comment), None, "{comment}");
        }
    }
}
