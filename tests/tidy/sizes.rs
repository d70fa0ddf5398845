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
        let functions = measure_functions(&file.text).into_iter();
        functions.map(|(name, lines)| (lines, format!("{} {name}", file.path)))
    });
    assert_short("lines of a function", LINES_OF_A_FUNCTION, lines);
}

fn assert_short(rule: &str, most: usize, lines: impl Iterator<Item = (usize, String)>) {
    assert_within(rule, &find_long(most, lines));
}

/// Those with more lines than `most`, as counts for `assert_within`.
fn find_long(
    most: usize,
    lines: impl Iterator<Item = (usize, String)>,
) -> Vec<(String, usize, Vec<String>)> {
    let long = lines.filter(|(lines, _)| *lines > most);
    let advice = || vec!["split it by its ideas".to_owned()];
    long.map(|(lines, name)| (name, lines, advice())).collect()
}

#[test]
fn every_file_begins_with_its_documentation() {
    let bare = find_undocumented(rust());
    assert!(bare.is_empty(), "begin these with `//! …`: {bare:#?}");
}

fn find_undocumented(files: Vec<File>) -> Vec<String> {
    let bare = files
        .into_iter()
        .filter(|file| !file.text.starts_with("//!"));
    bare.map(|file| file.path).collect()
}

/// The functions with a body, and the number of lines of each.
fn measure_functions(text: &str) -> Vec<(String, usize)> {
    let code = code(text);
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

#[test]
fn long_functions_and_files_without_documentation_are_found() {
    let text = "trait A {\n    fn no_body(a: [u8; 2]);\n}\nfn short() {}\n\npub async fn long(\n    a: u8,\n) -> u8 {\n    // }\n    \"}\"\n}\n";
    let measured = measure_functions(text);
    assert_eq!(measured, [("short".to_owned(), 1), ("long".to_owned(), 6)]);
    let lines = || measured.iter().map(|(name, lines)| (*lines, name.clone()));
    assert!(find_long(6, lines()).is_empty());
    let long = find_long(5, lines());
    assert_eq!(long.len(), 1);
    assert_eq!((long[0].0.as_str(), long[0].1), ("long", 6));

    let file = |path: &str, text: &str| File {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let files = vec![file("a.rs", "//! A.\n"), file("b.rs", "// B.\n//! C.\n")];
    assert_eq!(find_undocumented(files), ["b.rs"]);
}
