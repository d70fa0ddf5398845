//! Crates that tests build in one target folder, so that their dependencies are built once.
//!
//! Cargo takes crates of one name in two folders for one crate, and compares only times: a crate whose
//! files are older than a build of the other is fresh to it. So each test has a crate of its own, by its
//! name or, where a page gives the name, by its profile.

use std::path::{Path, PathBuf};

/// The target folder of all such crates.
pub(crate) fn target_folder() -> PathBuf {
    let executable = Path::new(env!("CARGO_BIN_EXE_xact"));
    executable.ancestors().nth(2).unwrap().join("generated")
}

/// A name that no other test has.
pub(crate) fn crate_name() -> String {
    let test = std::thread::current().name().unwrap().replace("::", "-");
    format!("generated-{test}")
}

/// A configuration with which the crate `name` is another one than that of any other number.
pub(crate) fn cargo_config(name: &str, number: usize) -> String {
    let units = 100 + number;
    format!("[net]\noffline = true\n\n[profile.dev.package.{name}]\ncodegen-units = {units}\n")
}
