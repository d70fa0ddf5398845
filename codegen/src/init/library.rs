//! The library's root: the line that mounts the generated module, unless it is there.

use super::Lines;
use crate::report::source::SourceFile;

/// The line.
const MOUNT: &str = "pub mod orm;";

/// The file with the line at its end, and the line.
///
/// None if it has a module `orm`, or is no Rust that can be read.
pub(super) fn mount_module(file: &SourceFile) -> Option<(String, Lines)> {
    let parsed = syn::parse_file(&file.text).ok()?;
    let mounted = parsed
        .items
        .iter()
        .any(|item| matches!(item, syn::Item::Mod(module) if module.ident == "orm"));
    let before = file.text.trim_end();
    let gap = if before.is_empty() { "" } else { "\n\n" };
    let lines = Lines {
        path: file.path.clone(),
        note: String::new(),
        lines: vec![MOUNT.to_owned()],
    };
    (!mounted).then(|| (format!("{before}{gap}{MOUNT}\n"), lines))
}

/// The note about a file that is not Rust.
pub(super) fn report_unreadable(file: &SourceFile) -> Option<Lines> {
    syn::parse_file(&file.text).is_err().then(|| Lines {
        path: file.path.clone(),
        note: "it cannot be read as Rust; add".to_owned(),
        lines: vec![MOUNT.to_owned()],
    })
}
