//! The measures of `scripts/measure-style` get no worse than the figures below.

use super::repository::ROOT;
use std::process::Command;

/// The beginning of a measure's line, and the worst that it may be. Its target is in the script.
const WORST: &[(&str, Worst)] = &[
    ("function names of a single word", Worst::AtMost(30.0)),
    ("\"what\" per 10,000 words of prose", Worst::AtMost(10.0)),
    ("lines that are comments inside code", Worst::AtLeast(1.9)),
    ("`super::super` per 1,000 lines", Worst::AtMost(0.1)),
];

enum Worst {
    AtMost(f64),
    AtLeast(f64),
}

#[test]
fn the_style_gets_no_worse() {
    let output = Command::new("python3")
        .arg("scripts/measure-style")
        .current_dir(ROOT)
        .output();
    let output = output.expect("python3 runs the script that measures the style");
    let measured = String::from_utf8(output.stdout).unwrap();
    for (name, worst) in WORST {
        let line = measured.lines().find_map(|line| line.strip_prefix(name));
        let line = line.unwrap_or_else(|| panic!("`{name}` is not measured:\n{measured}"));
        let value = line
            .split_whitespace()
            .next()
            .unwrap()
            .trim_end_matches('%');
        let value: f64 = value.parse().unwrap();
        let fits = match worst {
            Worst::AtMost(most) => value <= *most,
            Worst::AtLeast(least) => value >= *least,
        };
        assert!(fits, "`{name}` is {value}, worse than before:\n{measured}");
    }
    assert_eq!(
        measured.lines().count(),
        WORST.len(),
        "a measure without a figure:\n{measured}"
    );
}
