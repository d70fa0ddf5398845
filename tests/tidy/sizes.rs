//! Files and functions that are read in one go, and a first line that says what a file is.

use super::allowance::assert_within;
use super::repository::{File, rust, sources};
use super::rust_text::code;

const LINES_OF_A_FILE: usize = 400;
const LINES_OF_A_FUNCTION: usize = 60;

#[test]
fn no_file_is_longer_than_400_lines() {
    let lines = rust()
        .into_iter()
        .map(|file| (file.text.lines().count(), file.path));
    assert_short("lines of a file", LINES_OF_A_FILE, lines);
}

/// A flat table of matches may be longer: it has a line in `allowed.txt`.
#[test]
fn no_function_is_longer_than_60_lines() {
    let sources = sources();
    let lines = sources.iter().flat_map(|file| {
        let functions = functions(file).into_iter();
        functions.map(|(name, lines)| (lines, format!("{} {name}", file.path)))
    });
    assert_short("lines of a function", LINES_OF_A_FUNCTION, lines);
}

fn assert_short(rule: &str, most: usize, lines: impl Iterator<Item = (usize, String)>) {
    let long = lines.filter(|(lines, _)| *lines > most);
    let advice = || vec!["split it by its ideas".to_owned()];
    let counts: Vec<_> = long.map(|(lines, name)| (name, lines, advice())).collect();
    assert_within(rule, &counts);
}

#[test]
fn every_file_begins_with_what_it_is() {
    let bare: Vec<String> = rust()
        .into_iter()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| file.path)
        .collect();
    assert!(bare.is_empty(), "begin these with `//! …`: {bare:#?}");
}

/// The functions with a body, and how many lines each has.
fn functions(file: &File) -> Vec<(String, usize)> {
    let code = code(&file.text);
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let before = code[..start].chars().next_back();
        let name: String = code[start + 3..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '#')
            .collect();
        if name.is_empty() || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        if let Some(length) = body_end(&code[start..]) {
            let lines = code[start..start + length].lines().count();
            found.push((name, lines));
        }
    }
    found
}

/// The end of the body, or nothing if there is none.
fn body_end(rest: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut nested = 0_usize;
    for (index, character) in rest.char_indices() {
        match character {
            '(' | '[' => nested += 1,
            ')' | ']' => nested = nested.saturating_sub(1),
            ';' if depth == 0 && nested == 0 => return None,
            '{' => depth += 1,
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}
