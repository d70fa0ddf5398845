//! The compiler, on a module and the runtime that these tests were built with.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Lints that only the root of a crate can allow. They are about the letters of names, which are those of the database.
const OF_THE_CRATE: &str =
    "#![allow(uncommon_codepoints, mixed_script_confusables, confusable_idents)]\n";

/// The compiler's output about `src/orm`; nothing if it has neither errors nor warnings.
pub(super) fn check(project: &Path) -> String {
    let root = project.join("src/lib.rs");
    std::fs::write(&root, format!("{OF_THE_CRATE}pub mod orm;\n")).unwrap();
    let dependencies = std::env::current_exe().unwrap();
    let dependencies = dependencies.parent().unwrap();
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
        .args(["--crate-name=hostile", "--deny=warnings", "--out-dir"])
        .arg(project)
        .arg("--extern")
        .arg(format!(
            "xact={}",
            newest(dependencies, "libxact-").display()
        ))
        .arg("-L")
        .arg(format!("dependency={}", dependencies.display()))
        .arg(root)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() || !said.is_empty());
    said
}

/// The library that was built last: an older one has other features.
fn newest(folder: &Path, prefix: &str) -> PathBuf {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let libraries = paths.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(prefix) && name.ends_with(".rlib")
    });
    let modified = |path: &PathBuf| -> SystemTime { path.metadata().unwrap().modified().unwrap() };
    libraries.max_by_key(modified).unwrap()
}
