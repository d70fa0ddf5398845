//! The pages that are made from tests: every diagnostic from the cases that give it, every lint rule from
//! its own examples. `XACT_BLESS=1` writes them.

use crate::{cases, server};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use xact_codegen::config::{DateTimeCrate, NumericCrate};
use xact_codegen::lint::{FOUNDATIONS, RULES, Set};
use xact_codegen::report::diagnostic::{RightInput, Style, codes, find_code, render};
use xact_codegen::rust::{TypeLine, list_types};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src");

fn assert_page(name: &str, text: &str) {
    let path = Path::new(DOCS).join("reference").join(name);
    if std::env::var_os("XACT_BLESS").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "XACT_BLESS=1 writes {}", path.display());
}

#[test]
fn the_page_of_lint_rules_is_made_of_their_examples() {
    let mut page = format!(
        "# Lint rules\n\n`xact lint` checks these. The examples are the tests of each rule. They need these objects:\n\n\
         ```sql\n{}\n```\n",
        FOUNDATIONS.trim()
    );
    for rule in RULES {
        let (bad, good) = (rule.bad.trim(), rule.good.trim());
        let optional = match rule.set {
            Set::General => "",
            Set::House => "In the set `house`.\n\n",
        };
        write!(
            page,
            "\n## {}\n\n{}. {}\n\n{optional}Breaks it:\n\n```sql\n{bad}\n```\n\nKeeps it:\n\n```sql\n{good}\n```\n",
            rule.id,
            capital(rule.promise),
            rule.why,
        )
        .unwrap();
    }
    assert_page("lint_rules.md", &page);
}

#[test]
fn the_page_of_diagnostics_is_made_of_the_codes_and_the_cases() {
    let mut page = "# Diagnostics\n\nThe diagnostics of `xact codegen` and `xact migrate`: the meaning of each, \
                    an example, and an input that is right. `xact codegen --explain CODE` prints the same.\n"
        .to_owned();
    let examples = examples();
    for code in codes() {
        write!(page, "\n## {}\n\n{}\n", code.name, code.explanation).unwrap();
        for example in examples.get(code.name).into_iter().flatten() {
            write!(page, "\n```text\n{example}\n```\n").unwrap();
        }
        if let Some(RightInput { path, text }) = code.right {
            let place = path.map_or(String::new(), |path| format!(", in `{path}`"));
            let language = path.map_or("sql", |path| path.rsplit('.').next().unwrap());
            write!(page, "\nRight{place}:\n\n```{language}\n{text}\n```\n").unwrap();
        }
    }
    assert_page("diagnostics.md", &page);
}

#[test]
fn codes_are_sorted_and_each_is_registered_once() {
    let names: Vec<&str> = codes().map(|code| code.name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    let unregistered: Vec<_> = examples()
        .into_keys()
        .filter(|code| find_code(code).is_none())
        .collect();
    assert!(
        unregistered.is_empty(),
        "register these in codes.txt: {unregistered:?}"
    );
}

#[tokio::test]
async fn what_the_page_of_diagnostics_calls_right_is_right() {
    let mut queries = Vec::new();
    for code in codes() {
        match code.right {
            Some(RightInput {
                path: Some(path),
                text,
            }) => {
                assert_right(&[(path.to_owned(), text)]).await;
            }
            Some(RightInput { path: None, text }) => {
                queries.push((format!("queries/{}.sql", code.name), text));
            }
            None => {}
        }
    }
    assert_right(&queries).await;
}

/// Asserts that nothing is said against a project of these files.
async fn assert_right(files: &[(String, &str)]) {
    let project = tempfile::tempdir().unwrap();
    let schema = (
        "migrations/1_schema.up.sql".to_owned(),
        include_str!("reference/right.schema.sql"),
    );
    for (path, text) in files.iter().chain([&schema]) {
        let path = project.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let generated = server::generate(project.path()).await;
    let found = match &generated {
        Ok(generated) => &generated.warnings,
        Err(xact_codegen::Stop::Diagnostics(found)) => found,
        Err(stop) => panic!("{stop:?}"),
    };
    assert!(found.is_empty(), "{}", render(found, Style::Plain));
}

/// By code: what is printed in the cases that show it. Two are enough.
fn examples() -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for folder in cases::folders() {
        let text = std::fs::read_to_string(folder.join("diagnostics.txt")).unwrap_or_default();
        let mut shown = BTreeSet::new();
        for one in each(&text) {
            let Some(code) = code(&one) else { continue };
            let examples = all.entry(code.to_owned()).or_default();
            // One of each case, because two of one are often alike.
            if examples.len() < 2 && shown.insert(code.to_owned()) {
                examples.push(one.trim_end().to_owned());
            }
        }
    }
    all
}

/// The diagnostics of a file; each begins with a line that has a code.
fn each(text: &str) -> Vec<String> {
    let mut each: Vec<String> = Vec::new();
    for line in text.lines() {
        match each.last_mut() {
            Some(last) if code(line).is_none() => last.extend(["\n", line]),
            _ => each.push(line.to_owned()),
        }
    }
    each
}

/// `unknown-column` of `queries/notes.sql:1:8: error[unknown-column]: …`.
fn code(text: &str) -> Option<&str> {
    let line = text.lines().next()?;
    let (_, rest) = line
        .split_once(": error[")
        .or(line.split_once(": warning["))?;
    (!line.starts_with(' ')).then(|| rest.split(']').next())?
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

const TYPES: &str = "\
# Types

The Rust type of each scalar type of Postgres, and the feature of the crate `xact` that it needs. `xact codegen` warns if
`Cargo.toml` does not enable a feature, with the line to add. [Values](../values.md) says what happens at the edges of each type.

A domain has the type of its base. An array is `Vec<T>`, a range `Range<T>`, an enum and a composite a type of their own; ids have
the type of their table. Every other type is an error, `unmapped-type`, that says how to cast it.

";

const CHOICE: &str = "
## Other crates

`xact.toml` chooses the crates of dates and numbers:

```toml
[rust]
date-time = \"chrono\"    # or \"jiff\"; \"time\" is the default
numeric = \"bigdecimal\"  # \"rust_decimal\" is the default
```

The features are then `chrono`, `jiff` and `bigdecimal`. `cargo add chrono` or `cargo add jiff` gives your own code the same types.

";

#[test]
fn the_page_of_types_is_made_of_the_tables_of_the_code() {
    let default = list_types(DateTimeCrate::Time, NumericCrate::RustDecimal);
    let chrono = list_types(DateTimeCrate::Chrono, NumericCrate::BigDecimal);
    let jiff = list_types(DateTimeCrate::Jiff, NumericCrate::RustDecimal);
    let mut page = TYPES.to_owned() + "| Postgres | Rust | feature |\n| --- | --- | --- |\n";
    for line in &default {
        page += &type_line(line);
    }
    page += CHOICE;
    page += "| Postgres | Rust | feature |\n| --- | --- | --- |\n";
    let chosen = chrono.iter().chain(&jiff);
    for line in chosen.filter(|line| !default.contains(line)) {
        page += &type_line(line);
    }
    assert_page("types.md", &page);
}

fn type_line(line: &TypeLine) -> String {
    let feature = line.feature.map(|feature| format!("`{feature}`"));
    let feature = feature.unwrap_or_default();
    let rust = line.rust.replace("xact::types::", "");
    format!("| `{}` | `{rust}` | {feature} |\n", line.postgres)
}
