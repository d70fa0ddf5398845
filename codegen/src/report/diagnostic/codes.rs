//! Every code of a diagnostic, registered once: the sentences that explain it, and an input that is right.
//!
//! The rules of `xact lint` are codes as well, and explain themselves.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};
use std::fmt::Write as _;

/// `= code`, its sentences, and `right:` above an input that is right, with its path unless it is a query file.
const TEXT: &str = include_str!("codes.txt");

/// A code and its explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// As a diagnostic shows it: `unknown-column`.
    pub name: &'static str,
    /// Sentences, on lines of at most 118 characters.
    pub explanation: &'static str,
    /// An input without the fault.
    pub right: Option<RightInput>,
}

/// An input that gets no diagnostic of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RightInput {
    /// The file that it is, below the project; none for a query file.
    pub path: Option<&'static str>,
    /// Its text.
    pub text: &'static str,
}

/// All codes, sorted by name.
pub fn codes() -> impl Iterator<Item = Code> {
    let sections = TEXT.strip_prefix("= ").unwrap_or(TEXT).split("\n= ");
    sections.filter_map(read_code)
}

/// The code of this name.
///
/// ```
/// # use xact_codegen::report::diagnostic::find_code;
/// let code = find_code("missing-where").unwrap();
/// assert!(code.explanation.contains("changes every row"));
/// assert_eq!(find_code("missing-wear"), None);
/// ```
pub fn find_code(name: &str) -> Option<Code> {
    codes().find(|code| code.name == name)
}

/// The name that is registered, because a record has only its letters.
pub(super) fn deserialize_code<'de, D: Deserializer<'de>>(
    source: D,
) -> Result<&'static str, D::Error> {
    let name = <&str>::deserialize(source)?;
    let code = find_code(name).ok_or_else(|| D::Error::custom("no code"))?;
    Ok(code.name)
}

fn read_code(section: &'static str) -> Option<Code> {
    let (name, rest) = section.split_once('\n')?;
    let (explanation, right) = match rest.split_once("\nright:") {
        Some((explanation, right)) => (explanation, Some(read_right(right)?)),
        None => (rest, None),
    };
    Some(Code {
        name,
        explanation: explanation.trim(),
        right,
    })
}

/// The rest of the line is the path, and the lines below it are the text.
fn read_right(right: &'static str) -> Option<RightInput> {
    let (path, text) = right.split_once('\n')?;
    let path = Some(path.trim()).filter(|path| !path.is_empty());
    Some(RightInput {
        path,
        text: text.trim(),
    })
}

/// A code for people: its sentences, and the input that is right.
///
/// ```
/// # use xact_codegen::report::diagnostic::{explain_code, find_code};
/// let text = explain_code(&find_code("unnamed-column").unwrap());
/// assert!(text.starts_with("unnamed-column\n\nA column without a name"));
/// ```
pub fn explain_code(code: &Code) -> String {
    let mut text = format!("{}\n\n{}\n", code.name, code.explanation);
    if let Some(RightInput { path, text: right }) = code.right {
        let place = path.map_or(String::new(), |path| format!(", in {path}"));
        let _ = write!(text, "\nright{place}:\n\n");
        for line in right.lines() {
            text += format!("    {line}").trim_end();
            text.push('\n');
        }
    }
    text
}
