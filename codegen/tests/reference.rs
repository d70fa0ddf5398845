//! The pages that are made from tests: every diagnostic from the cases that give it, every lint rule from
//! its own examples. `XACT_BLESS=1` writes them.

use crate::{cases, server};
use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Write as _};
use std::path::Path;
use xact_codegen::lint::{FOUNDATIONS, RULES, Set};
use xact_codegen::report::diagnostic::{Style, render};

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
fn the_page_of_diagnostics_is_made_of_the_cases() {
    let mut page =
        "# Diagnostics\n\nEvery diagnostic of `xact codegen`, as the tests of the tool have it: \
                    what is wrong, what to do about it, and a query that is right.\n"
            .to_owned();
    let right = right();
    for (code, shown) in diagnostics() {
        write!(page, "\n## {code}\n").unwrap();
        for (case, text) in shown {
            write!(page, "\n{}:\n\n```text\n{text}\n```\n", capital(&case)).unwrap();
        }
        if let Some(right) = right.get(code.as_str()) {
            write!(page, "{right}").unwrap();
        }
    }
    assert_page("diagnostics.md", &page);
}

/// The correct queries beside the diagnostics, for the schema in `right.schema.sql`.
struct Right {
    /// The file that it is, if it is not one of queries.
    path: Option<&'static str>,
    text: &'static str,
}

impl Display for Right {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self { path, text } = self;
        let place = path.map_or(String::new(), |path| format!(", in `{path}`"));
        let language = path.map_or("sql", |path| path.rsplit('.').next().unwrap());
        write!(f, "\nRight{place}:\n\n```{language}\n{text}\n```\n")
    }
}

/// By code: `## code` above queries, `## code path` above another file.
fn right() -> BTreeMap<&'static str, Right> {
    let sections = include_str!("reference/right.txt").split("## ").skip(1);
    let right = |section: &'static str| {
        let (head, text) = section.split_once('\n').unwrap();
        let (code, path) = match head.split_once(' ') {
            Some((code, path)) => (code, Some(path)),
            None => (head, None),
        };
        let text = text.trim();
        (code, Right { path, text })
    };
    sections.map(right).collect()
}

#[tokio::test]
async fn what_the_page_of_diagnostics_calls_right_is_right() {
    let known = diagnostics();
    let mut queries = Vec::new();
    for (code, Right { path, text }) in right() {
        assert!(known.contains_key(code), "there is no diagnostic `{code}`");
        match path {
            Some(path) => assert_right(&[(path.to_owned(), text)]).await,
            None => queries.push((format!("queries/{code}.sql"), text)),
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

/// By code: the cases that show it, in words, with the output. Two are enough.
fn diagnostics() -> BTreeMap<String, Vec<(String, String)>> {
    let mut all: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for folder in cases::folders() {
        let text = std::fs::read_to_string(folder.join("diagnostics.txt")).unwrap_or_default();
        let case = folder
            .file_name()
            .unwrap()
            .to_string_lossy()
            .replace('_', " ")
            .replace("postgres", "Postgres");
        for one in each(&text) {
            let Some(code) = code(&one) else { continue };
            let shown = all.entry(code.to_owned()).or_default();
            if shown.len() < 2 && !shown.iter().any(|(known, _)| *known == case) {
                shown.push((case.clone(), one.trim_end().to_owned()));
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
