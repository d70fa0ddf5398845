//! The files of the repository, without generated ones.

use std::path::{Path, PathBuf};

/// The folder of the repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The crates with sources of their own.
pub(crate) const CRATES: &[&str] = &["xact", "server", "codegen", "lsp", "mcp", "cli"];

/// A file: its path below the root, and its text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The hand-written sources of the crates.
pub(crate) fn sources() -> Vec<File> {
    let mut files = Vec::new();
    for name in CRATES {
        collect(&format!("{name}/src"), "rs", &mut files);
    }
    // The files that `xact init` writes into a project.
    files.retain(|file| !file.path.starts_with("codegen/src/init/files/"));
    files
}

/// All hand-written Rust: sources, tests, benches, examples.
pub(crate) fn rust() -> Vec<File> {
    let mut files = Vec::new();
    for folder in CRATES.iter().copied().chain(["src", "tests", "examples"]) {
        collect(folder, "rs", &mut files);
    }
    let generated = [
        "/orm/",
        "codegen/tests/cases/",
        "codegen/tests/case_names.rs",
        "codegen/src/init/files/",
    ];
    files.retain(|file| !generated.iter().any(|part| file.path.contains(part)));
    files
}

/// The pages of prose.
pub(crate) fn pages() -> Vec<File> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(ROOT).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            files.push(read(&path));
        }
    }
    collect("docs/src", "md", &mut files);
    files
}

/// The text of one file.
pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn collect(folder: &str, extension: &str, files: &mut Vec<File>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(Path::new(ROOT).join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            collect(&format!("{folder}/{name}"), extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(read(&path));
        }
    }
}

fn read(path: &Path) -> File {
    File {
        path: path
            .strip_prefix(ROOT)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned(),
        text: std::fs::read_to_string(path).unwrap(),
    }
}
