//! The documents keep up with the sources: the changelog names the version, the architecture page every folder.

use super::repository::{CRATES, ROOT, sources, text};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_changelog_has_the_version() {
    let manifest = text("Cargo.toml");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = "))
        .unwrap();
    let version = version.trim_matches('"');
    assert!(
        has_section(&text("CHANGELOG.md"), version),
        "CHANGELOG.md has no section for version {version}"
    );
}

fn has_section(changelog: &str, version: &str) -> bool {
    let mut lines = changelog.lines();
    lines.any(|line| line.starts_with("## ") && line.contains(version))
}

/// The paths of the table below `## Code map`; a path without a folder is beside the one before it.
fn code_map(page: &str) -> Vec<String> {
    let (_, section) = page.split_once("## Code map").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut paths = Vec::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cell = row.split('|').nth(1).unwrap();
        let mut folder = String::new();
        for path in cell.split('`').skip(1).step_by(2) {
            let is_whole = CRATES
                .iter()
                .any(|name| path.starts_with(&format!("{name}/")));
            let whole = if is_whole {
                path.to_owned()
            } else {
                folder.clone() + path
            };
            let parent = whole
                .trim_end_matches('/')
                .rsplit_once('/')
                .map_or("", |(parent, _)| parent);
            folder = format!("{parent}/");
            paths.push(whole);
        }
    }
    paths
}

#[test]
fn the_code_map_names_existing_folders_and_all_of_them() {
    let map = code_map(&text("ARCHITECTURE.md"));
    let gone: Vec<_> = map
        .iter()
        .filter(|path| !Path::new(ROOT).join(path).exists())
        .collect();
    assert!(
        gone.is_empty(),
        "the code map names what is not there: {gone:#?}"
    );
    let sources: Vec<String> = sources().into_iter().map(|file| file.path).collect();
    let missing = find_uncovered(&map, &sources);
    assert!(missing.is_empty(), "the code map leaves out {missing:#?}");
}

/// The folders of sources that no path of the map covers.
fn find_uncovered(map: &[String], sources: &[String]) -> Vec<String> {
    let mut folders = BTreeSet::new();
    for path in sources {
        let parts: Vec<&str> = path.split('/').collect();
        if let [name, source, folder, _, ..] = parts[..] {
            folders.insert(format!("{name}/{source}/{folder}"));
        }
    }
    let covered = |folder: &String| {
        map.iter().any(|path| {
            path.starts_with(&format!("{folder}/")) || format!("{folder}/").starts_with(path)
        })
    };
    let uncovered = folders.iter().filter(|folder| !covered(folder));
    uncovered.cloned().collect()
}

#[test]
fn every_source_that_the_architecture_page_names_exists() {
    let sources: Vec<String> = sources().into_iter().map(|file| file.path).collect();
    let missing = find_unknown_files(&text("ARCHITECTURE.md"), &sources);
    assert!(missing.is_empty(), "ARCHITECTURE.md names {missing:#?}");
}

/// The Rust files that a page names and that do not exist.
fn find_unknown_files(page: &str, sources: &[String]) -> Vec<String> {
    let names = page.split('`').skip(1).step_by(2);
    names
        .filter(|name| Path::new(name).extension().is_some_and(|end| end == "rs"))
        // In the code map a name without a folder belongs to the folder of its row, so its end has to fit.
        .filter(|name| {
            let ending = format!("/{name}");
            !sources
                .iter()
                .any(|path| path.ends_with(&ending) || path == name)
        })
        .filter(|name| !Path::new(ROOT).join(name).exists())
        .map(str::to_owned)
        .collect()
}

#[test]
fn omissions_of_a_document_are_found() {
    assert!(has_section("# Changelog\n\n## 0.2.0\n", "0.2.0"));
    assert!(!has_section("# Changelog\n\n0.2.0\n## 0.1.0\n", "0.2.0"));

    let page = "## Code map\n\n| `xact/src/lock/`, `page/` | `key.rs` |\n\n## Invariants\n| `cli/src/` | x |\n";
    let map = code_map(page);
    assert_eq!(map, ["xact/src/lock/", "xact/src/page/"]);
    let sources = ["xact/src/page/key.rs", "xact/src/json/read.rs"].map(str::to_owned);
    assert_eq!(find_uncovered(&map, &sources), ["xact/src/json"]);

    assert!(find_unknown_files(page, &sources).is_empty());
    assert_eq!(find_unknown_files("`keys.rs`", &sources), ["keys.rs"]);
}
