//! Words that the documentation, the comments and the messages do without, and the plain ones to write instead.

use super::allowance::assert_within;
use super::repository::{pages, rust, sources};
use super::rust_text::{Piece, pieces};

/// A word or words, and what to write instead.
const FORBIDDEN: &[(&str, &str)] = &[
    ("anew", "again, recreated"),
    ("nobody", "no one, or the noun: no query, no role"),
    ("somebody", "the user, someone"),
    ("anybody", "anyone"),
    ("heirs", "child tables"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("rests on", "depends on"),
    ("rest on", "depend on"),
    ("shall be", "the target"),
    ("goes away", "is dropped"),
    ("gone", "dropped, removed"),
    ("stands in", "is in"),
    ("stands on", "is on"),
    ("touched", "affected"),
    ("remedy", "help"),
    ("lent", "acquired"),
    ("lend", "acquire"),
    ("told apart", "distinguished"),
    ("TODO", "an issue"),
];

/// The files that name the tool `cargo xact`: they write files of a project, or speak to whoever compiles it. That works where the tool is
/// installed, and where it is an alias for one in the workspace. Everything that the tool itself prints names it `xact`, as its help does.
const IN_PROJECTS: &[&str] = &[
    "codegen/src/rust/templates.rs",
    "codegen/src/schema/dump/mod.rs",
    "xact/src/generated/fresh.rs",
];

#[test]
fn messages_of_the_tool_name_it_xact() {
    let strings = sources()
        .into_iter()
        .map(|file| (file.path, joined(&file.text, Piece::String)));
    let found = strings.filter(|(_, text)| text.contains("cargo xact "));
    let mut found: Vec<String> = found.map(|(path, _)| path).collect();
    found.sort();
    assert_eq!(found, IN_PROJECTS);
}

#[test]
fn forbidden_words_only_become_fewer() {
    assert_within("words", &count_forbidden(&prose()));
}

/// How often each forbidden word is in the prose, with the places and the word to write instead.
fn count_forbidden(prose: &[(String, String)]) -> Vec<(String, usize, Vec<String>)> {
    let counts = FORBIDDEN.iter().map(|(word, instead)| {
        let places = prose.iter().filter_map(|(path, text)| {
            let count = count(text, word);
            (count > 0).then(|| (count, format!("{path}: {count}")))
        });
        let places: Vec<(usize, String)> = places.collect();
        let total = places.iter().map(|(count, _)| count).sum();
        let mut shown = vec![format!("write instead: {instead}")];
        shown.extend(places.into_iter().map(|(_, place)| place));
        ((*word).to_owned(), total, shown)
    });
    counts.collect()
}

/// Pages without code, comments, and the strings of the sources, which are messages.
fn prose() -> Vec<(String, String)> {
    let mut prose: Vec<(String, String)> = pages()
        .into_iter()
        .map(|page| (page.path, without_code(&page.text)))
        .collect();
    for file in rust() {
        prose.push((file.path, without_code(&joined(&file.text, Piece::Comment))));
    }
    for file in sources() {
        prose.push((file.path, joined(&file.text, Piece::String)));
    }
    // This file lists the words.
    prose.retain(|(path, _)| path != "tests/tidy/words.rs");
    prose
}

fn joined(text: &str, wanted: Piece) -> String {
    let pieces = pieces(text)
        .into_iter()
        .filter(|(piece, _)| *piece == wanted);
    let pieces = pieces.map(|(_, text)| text.trim_start_matches(['/', '!', ' ']));
    pieces.collect::<Vec<_>>().join("\n")
}

/// Prose without fenced and inline code.
fn without_code(text: &str) -> String {
    let mut fenced = false;
    let mut prose = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            prose += &line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
            prose.push('\n');
        }
    }
    prose
}

/// How often the words occur, whatever blanks or line ends are between them.
fn count(text: &str, words: &str) -> usize {
    let wanted: Vec<&str> = words.split(' ').collect();
    let split = text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty());
    let all: Vec<&str> = split.collect();
    let same = |(found, wanted): (&&str, &&str)| {
        if *wanted == "TODO" {
            found == wanted
        } else {
            found.eq_ignore_ascii_case(wanted)
        }
    };
    all.windows(wanted.len())
        .filter(|window| window.iter().zip(&wanted).all(same))
        .count()
}

#[test]
fn words_are_counted_in_prose_and_messages_alone() {
    let text = "// It is made\n// anew, `anew`.\nfn anew() { print(\"Anew.\") }";
    assert_eq!(
        count(&without_code(&joined(text, Piece::Comment)), "anew"),
        1
    );
    assert_eq!(
        count(&without_code(&joined(text, Piece::Comment)), "made anew"),
        1
    );
    assert_eq!(count(&joined(text, Piece::String), "anew"), 1);
}

#[test]
fn a_forbidden_word_is_found_with_its_place() {
    let page = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let prose = [
        page("a.md", "It rests\non it, and is Gone. A todo."),
        page("b.md", "gone, TODO, gone"),
    ];
    let found = count_forbidden(&prose);
    let of = |word: &str| found.iter().find(|(name, ..)| name == word).unwrap();
    assert_eq!(of("rests on").1, 1);
    assert_eq!(of("gone").1, 3);
    assert_eq!(of("gone").2[1..], ["a.md: 1", "b.md: 2"]);
    assert_eq!(of("TODO").1, 1);
    assert_eq!(of("nobody").1, 0);
}
