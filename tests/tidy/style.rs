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
    let worse = find_worse(&measured);
    assert!(worse.is_empty(), "{worse:#?}\n{measured}");
}

/// The measures that are worse than before, and those that are missing or have no figure here.
fn find_worse(measured: &str) -> Vec<String> {
    let mut worse = Vec::new();
    for (name, worst) in WORST {
        let line = measured.lines().find_map(|line| line.strip_prefix(name));
        let value = line.and_then(|line| line.split_whitespace().next());
        let Some(value) = value.and_then(|value| value.trim_end_matches('%').parse::<f64>().ok())
        else {
            worse.push(format!("`{name}` is not measured"));
            continue;
        };
        let fits = match worst {
            Worst::AtMost(most) => value <= *most,
            Worst::AtLeast(least) => value >= *least,
        };
        if !fits {
            worse.push(format!("`{name}` is {value}, worse than before"));
        }
    }
    let has_figure = |line: &&str| WORST.iter().any(|(name, _)| line.starts_with(name));
    let unknown = measured.lines().filter(|line| !has_figure(line));
    worse.extend(unknown.map(|line| format!("a measure without a figure: {line}")));
    worse
}

#[test]
fn a_worse_or_missing_measure_is_found() {
    let measured = |percent: &str, what: &str| {
        format!(
            "function names of a single word   {percent}  at most 35%\n\
             \"what\" per 10,000 words of prose   {what}   at most 20\n\
             lines that are comments inside code   2.0%  at least 2%\n\
             `super::super` per 1,000 lines   0.0   at most 1\n"
        )
    };
    assert_eq!(find_worse(&measured("30.0%", "10.0")), [""; 0]);
    assert_eq!(find_worse(&measured("30.1%", "10.1")).len(), 2);
    let missing = measured("30.0%", "10.0").replace("2.0%", "1.8%");
    assert!(find_worse(&missing)[0].contains("comments inside code` is 1.8"));
    let renamed = measured("30.0%", "10.0").replace("`super::super`", "nested paths");
    let found = find_worse(&renamed);
    assert!(found[0].contains("is not measured"), "{found:?}");
    assert!(found[1].contains("without a figure: nested"), "{found:?}");
}
