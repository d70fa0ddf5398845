//! Rules that do not hold everywhere yet: how much is left of each. A count may shrink and never grow.

use super::repository::{ROOT, text};
use std::fmt::Write as _;
use std::path::Path;

const FILE: &str = "tests/tidy/allowed.txt";

/// Asserts that no count is above the one of `allowed.txt`; a name without a line there is allowed nothing.
/// `places` says where, for a message that helps.
pub(crate) fn assert_within(rule: &str, counts: &[(String, usize, Vec<String>)]) {
    let allowed = text(FILE);
    let message = report_excess(rule, &allowed, counts);
    if std::env::var_os("XACT_BLESS").is_some() {
        let fewer = lower_counts(rule, &allowed, counts);
        std::fs::write(Path::new(ROOT).join(FILE), fewer).unwrap();
    }
    assert!(message.is_empty(), "{message}");
}

/// The counts that are above the allowed ones; empty if there are none.
fn report_excess(rule: &str, allowed: &str, counts: &[(String, usize, Vec<String>)]) -> String {
    let allowed_of = |name: &str| {
        let prefix = format!("{rule}: {name} = ");
        let line = allowed.lines().find_map(|line| line.strip_prefix(&prefix));
        line.map_or(0, |count| count.parse().unwrap())
    };
    let mut message = String::new();
    for (name, count, places) in counts {
        let most: usize = allowed_of(name);
        if *count > most {
            let places = places.join("\n    ");
            let _ = write!(
                message,
                "{rule}: {name}: {count}, and {most} are allowed:\n    {places}\n"
            );
        }
    }
    message
}

/// The allowed counts, with those in place that became smaller. A larger count is never written, so that a run with
/// `XACT_BLESS` cannot allow more.
fn lower_counts(rule: &str, allowed: &str, counts: &[(String, usize, Vec<String>)]) -> String {
    let mut lines = Vec::new();
    for line in allowed.lines() {
        let found = counts.iter().find_map(|(name, count, _)| {
            let before = line.strip_prefix(&format!("{rule}: {name} = "))?;
            let fewer = *count < before.parse().unwrap();
            fewer.then(|| (*count > 0).then(|| format!("{rule}: {name} = {count}")))
        });
        lines.extend(found.unwrap_or(Some(line.to_owned())));
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_count_above_the_allowed_one_is_reported_and_never_written() {
    let allowed = "words: gone = 2\nwords: mend = 1\nlines: gone = 9\n";
    let count = |name: &str, count| (name.to_owned(), count, vec!["a.rs".to_owned()]);
    let report = |counts: &[_]| report_excess("words", allowed, counts);
    assert_eq!(report(&[count("gone", 2), count("heirs", 0)]), "");
    assert!(
        report(&[count("gone", 3)]).starts_with("words: gone: 3, and 2 are allowed:\n    a.rs")
    );
    assert!(report(&[count("heirs", 1)]).contains("heirs: 1, and 0 are allowed"));
    assert_eq!(
        lower_counts("words", allowed, &[count("gone", 3), count("mend", 0)]),
        "words: gone = 2\nlines: gone = 9\n"
    );
    assert_eq!(
        lower_counts("words", allowed, &[count("gone", 1)]),
        "words: gone = 1\nwords: mend = 1\nlines: gone = 9\n"
    );
}
