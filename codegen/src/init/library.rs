//! The library's root: the line that mounts the generated module, unless it is there.

use super::Lines;
use crate::report::source::SourceFile;

/// The line that mounts the module: with its path, if that is not beside the library's root.
pub(super) fn mount_line(library: &str, output: &str) -> String {
    let (module, beside) = (
        "pub mod orm;",
        library.rsplit_once('/').map_or("", |(folder, _)| folder),
    );
    if output == format!("{beside}/orm") {
        return module.to_owned();
    }
    let up = "../".repeat(beside.split('/').filter(|name| !name.is_empty()).count());
    let path = output
        .strip_prefix(&format!("{beside}/"))
        .map_or_else(|| format!("{up}{output}"), str::to_owned);
    format!("#[path = \"{path}/mod.rs\"]\n{module}")
}

/// The file with the line at its end, and the line.
///
/// None if it has a module `orm`, or is no Rust that can be read.
pub(super) fn mount_module(file: &SourceFile, output: &str) -> Option<(String, Lines)> {
    let parsed = syn::parse_file(&file.text).ok()?;
    let mounted = parsed
        .items
        .iter()
        .any(|item| matches!(item, syn::Item::Mod(module) if module.ident == "orm"));
    let mount = mount_line(&file.path, output);
    let before = file.text.trim_end();
    let gap = if before.is_empty() { "" } else { "\n\n" };
    let lines = Lines {
        path: file.path.clone(),
        note: String::new(),
        lines: mount.lines().map(str::to_owned).collect(),
    };
    (!mounted).then(|| (format!("{before}{gap}{mount}\n"), lines))
}

/// The note about a file that is not Rust.
pub(super) fn report_unreadable(file: &SourceFile, output: &str) -> Option<Lines> {
    syn::parse_file(&file.text).is_err().then(|| Lines {
        path: file.path.clone(),
        note: "it cannot be read as Rust; add".to_owned(),
        lines: mount_line(&file.path, output)
            .lines()
            .map(str::to_owned)
            .collect(),
    })
}
