//! `Cargo.toml`: its package, and the dependencies it lacks. Adds lines and changes none.

use super::Lines;
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use std::path::Path;
use std::sync::Arc;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

/// The version of the runtime that this tool generates for.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The dependency of a project: the version that goes with this tool, or the package in a folder.
pub(super) fn runtime_dependency(folder: Option<&Path>) -> Result<Value, Failure> {
    let Some(folder) = folder else {
        return Ok(Value::from(VERSION));
    };
    // Checked here, because cargo would report the missing manifest only at the first build.
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest.canonicalize();
    let manifest = manifest.map_err(Failure::io("find the runtime in", folder))?;
    let folder = manifest.parent().unwrap_or(&manifest).to_string_lossy();
    let path = [("path", folder.as_ref())];
    Ok(Value::InlineTable(InlineTable::from_iter(path)))
}

/// A manifest of a package.
pub(super) struct Manifest {
    path: String,
    document: DocumentMut,
    /// The package's name.
    package: String,
}

impl Manifest {
    /// Reads it; a workspace without a package is none.
    pub(super) fn parse(file: &Arc<SourceFile>) -> Result<Self, Diagnostic> {
        let document: DocumentMut = file.text.parse().map_err(|error: toml_edit::TomlError| {
            let range = error.span().unwrap_or(0..0);
            let span = Span {
                file: file.clone(),
                range,
            };
            let message = error.message().replace('\n', ", ");
            Diagnostic::error("invalid-manifest", span, message)
        })?;
        let package = item_at(&document, &["package", "name"]).and_then(Item::as_str);
        let Some(package) = package.map(str::to_owned) else {
            let message = "there is no package here that could have a data layer";
            let help = "name the folder of a package: `xact --project DIR init`";
            return Err(Diagnostic::in_file("no-package", &file.path, None, message).help(help));
        };
        Ok(Self {
            path: file.path.clone(),
            document,
            package,
        })
    }

    /// The library's root, where the manifest names it.
    pub(super) fn library(&self) -> Option<String> {
        let path = item_at(&self.document, &["lib", "path"]).and_then(Item::as_str);
        path.map(str::to_owned)
    }

    /// As Rust code calls the library.
    pub(super) fn crate_name(&self) -> String {
        let name = item_at(&self.document, &["lib", "name"]).and_then(Item::as_str);
        name.unwrap_or(&self.package).replace('-', "_")
    }

    pub(super) fn depends_on(&self, name: &str) -> bool {
        item_at(&self.document, &["dependencies", name]).is_some()
    }

    /// The manifest with the dependencies that a data layer and its tests need, and which lines are new.
    pub(super) fn complete_dependencies(&self, runtime: &Value) -> Option<(String, Lines)> {
        let (mut document, mut lines) = (self.document.clone(), Vec::new());
        add_dependency(
            &mut document,
            "dependencies",
            "xact",
            runtime.clone(),
            &mut lines,
        );
        let runtime = item_at(&document, &["dependencies", "xact"]).and_then(Item::as_value);
        let testing = with_features(runtime.cloned(), &["testing"]);
        let tokio = with_features(Some(Value::from("1")), &["macros", "rt"]);
        add_dependency(
            &mut document,
            "dev-dependencies",
            "tokio",
            tokio,
            &mut lines,
        );
        add_dependency(
            &mut document,
            "dev-dependencies",
            "xact",
            testing,
            &mut lines,
        );
        let lines = Lines {
            path: self.path.clone(),
            note: String::new(),
            lines,
        };
        (!lines.lines.is_empty()).then(|| (document.to_string(), lines))
    }
}

/// Adds one dependency, unless there is one of that name.
fn add_dependency(
    document: &mut DocumentMut,
    section: &str,
    name: &str,
    value: Value,
    lines: &mut Vec<String>,
) {
    let table = document.entry(section).or_insert(Item::Table(Table::new()));
    let Some(table) = table.as_table_like_mut() else {
        return;
    };
    if !table.contains_key(name) {
        lines.push(format!("[{section}] {name} = {value}"));
        table.insert(name, Item::Value(value));
    }
}

/// The same dependency with more features. `"1"` is the short form of `{ version = "1" }`.
fn with_features(dependency: Option<Value>, more: &[&str]) -> Value {
    let mut table = match dependency {
        Some(Value::InlineTable(table)) => table,
        Some(Value::String(version)) => InlineTable::from_iter([("version", version.into_value())]),
        _ => InlineTable::from_iter([("version", VERSION)]),
    };
    let features = table.get_or_insert("features", Array::new());
    if let Some(features) = features.as_array_mut() {
        features.extend(more.iter().copied());
    }
    Value::InlineTable(table)
}

fn item_at<'d>(document: &'d DocumentMut, keys: &[&str]) -> Option<&'d Item> {
    keys.iter()
        .try_fold(document.as_item(), |item, key| item.get(key))
}
