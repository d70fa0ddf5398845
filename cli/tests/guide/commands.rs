//! Commands that prose and tables name: each exists, with its options.

use super::{DOCS, pages};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// `xact migrate run --sql` of all texts between backticks, and the lines of CI.
fn commands(text: &str) -> BTreeSet<String> {
    let spans = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    let steps = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- run: "));
    let all = spans
        .chain(steps)
        .map(|span| span.split('#').next().unwrap_or(span));
    all.filter(|span| span.starts_with("xact "))
        .map(str::to_owned)
        .collect()
}

/// The words that name a command, and the options after them.
fn parts(command: &str) -> (Vec<&str>, Vec<&str>) {
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let words = command.split_whitespace().skip(1);
    let named = words
        .clone()
        .take_while(|word| plain(word) && !word.starts_with('-'));
    let options = words.filter(|word| word.starts_with("--"));
    (named.collect(), options.collect())
}

#[test]
fn every_command_that_a_page_names_exists() {
    let mut seen = 0;
    let pages = pages().into_iter().map(|page| Path::new(DOCS).join(page));
    let readme = Path::new(DOCS).join("../../README.md");
    for page in pages.chain([readme]) {
        for command in commands(&std::fs::read_to_string(&page).unwrap()) {
            let (named, options) = parts(&command);
            let help = Command::new(env!("CARGO_BIN_EXE_xact"))
                .args(named)
                .arg("--help")
                .output();
            let help = help.unwrap();
            let text = String::from_utf8(help.stdout).unwrap();
            assert!(help.status.success(), "{}: `{command}`", page.display());
            for option in options {
                assert!(
                    text.contains(option),
                    "{}: `{command}`: {option}",
                    page.display()
                );
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} commands are named");
}
