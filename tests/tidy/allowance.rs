//! Rules that do not hold everywhere yet: how much is left of each. A count may shrink and never grow.

use super::repository::{ROOT, text};
use std::fmt::Write as _;
use std::path::Path;

const FILE: &str = "tests/tidy/allowed.txt";

/// Asserts that no count is above the one of `allowed.txt`; a name without a line there is allowed nothing.
/// `places` says where, for a message that helps.
pub(crate) fn assert_within(rule: &str, counts: &[(String, usize, Vec<String>)]) {
    let allowed = text(FILE);
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
    if std::env::var_os("XACT_BLESS").is_some() {
        bless(rule, &allowed, counts);
    }
    assert!(message.is_empty(), "{message}");
}

/// Writes the counts that became smaller.
fn bless(rule: &str, allowed: &str, counts: &[(String, usize, Vec<String>)]) {
    let mut lines = Vec::new();
    for line in allowed.lines() {
        let found = counts.iter().find_map(|(name, count, _)| {
            let before = line.strip_prefix(&format!("{rule}: {name} = "))?;
            let fewer = *count < before.parse().unwrap();
            fewer.then(|| (*count > 0).then(|| format!("{rule}: {name} = {count}")))
        });
        lines.extend(found.unwrap_or(Some(line.to_owned())));
    }
    std::fs::write(Path::new(ROOT).join(FILE), lines.join("\n") + "\n").unwrap();
}
