//! `Cargo.toml`: its package, and the dependencies it lacks. Adds lines and changes none.

use super::Lines;
use super::runtime::{Runtime, VERSION};
use crate::report::diagnostic::Diagnostic;
use crate::report::source::{SourceFile, Span};
use std::sync::Arc;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

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

    /// The version that it requires of a dependency, unless that is the workspace's.
    pub(super) fn version_of(&self, name: &str) -> Option<String> {
        let item = item_at(&self.document, &["dependencies", name])?;
        let version = item.as_str().or_else(|| item.get("version")?.as_str());
        version.map(str::to_owned)
    }

    /// The manifest with the dependencies that a data layer and its tests need, and which lines are new.
    pub(super) fn complete_dependencies(&self, runtime: &Runtime) -> Option<(String, Lines)> {
        let (mut document, mut lines) = (self.document.clone(), Vec::new());
        let mut add = |section: &str, name: &str, value: Value| {
            add_dependency(&mut document, section, name, value, runtime, &mut lines);
            item_at(&document, &[section, name]).and_then(dependency_value)
        };
        let added = add("dependencies", "xact", runtime.dependency());
        let testing = with_features(added, &["testing"]);
        let tokio = with_features(Some(Value::from("1")), &["macros", "rt"]);
        add("dev-dependencies", "tokio", tokio);
        add("dev-dependencies", "xact", testing);
        let lines = Lines {
            path: self.path.clone(),
            note: String::new(),
            lines,
        };
        (!lines.lines.is_empty()).then(|| (document.to_string(), lines))
    }
}

/// Adds one dependency, unless there is one of that name. One on the runtime that an earlier run wrote, and that cargo cannot
/// resolve, is replaced.
fn add_dependency(
    document: &mut DocumentMut,
    section: &str,
    name: &str,
    value: Value,
    runtime: &Runtime,
    lines: &mut Vec<String>,
) {
    let table = document.entry(section).or_insert(Item::Table(Table::new()));
    let Some(table) = table.as_table_like_mut() else {
        return;
    };
    let former = table.get(name).and_then(dependency_value);
    let former = former.as_ref();
    let replaced = name == "xact" && former.is_some_and(|former| runtime.replaces(former));
    let note = match former {
        Some(former) if replaced => format!(", in place of {}", former.to_string().trim()),
        _ if table.contains_key(name) => return,
        _ => String::new(),
    };
    lines.push(format!("[{section}] {name} = {value}{note}"));
    table.insert(name, Item::Value(value));
}

/// A dependency as the value of a line; also one with a table of its own, `[dependencies.xact]`.
fn dependency_value(item: &Item) -> Option<Value> {
    let mut value = item.clone().into_value().ok()?;
    if let (Some(table), true) = (value.as_inline_table_mut(), item.is_table()) {
        // Its keys had lines of their own.
        table.fmt();
    }
    Some(value)
}

/// The same dependency with more features. `"1"` is the short form of `{ version = "1" }`.
fn with_features(dependency: Option<Value>, more: &[&str]) -> Value {
    let mut table = match dependency {
        Some(Value::InlineTable(table)) => table,
        Some(Value::String(version)) => InlineTable::from_iter([("version", version.into_value())]),
        _ => InlineTable::from_iter([("version", VERSION)]),
    };
    // The spaces around it in another table.
    table.decor_mut().clear();
    let features = table.get_or_insert("features", Array::new());
    if let Some(features) = features.as_array_mut() {
        let known: Vec<&str> = features.iter().filter_map(Value::as_str).collect();
        let mut added = more.to_vec();
        added.retain(|feature| !known.contains(feature));
        features.extend(added);
    }
    Value::InlineTable(table)
}

fn item_at<'d>(document: &'d DocumentMut, keys: &[&str]) -> Option<&'d Item> {
    keys.iter()
        .try_fold(document.as_item(), |item, key| item.get(key))
}

#[cfg(test)]
mod tests {
    use super::with_features;
    use toml_edit::DocumentMut;

    #[test]
    fn features_are_added_once_and_without_spaces_of_another_table() {
        let text = "xact =   { version = \"0.1\", features = [\"testing\", \"serde\"] }";
        let document: DocumentMut = text.parse().expect("it is TOML");
        let added = with_features(document["xact"].as_value().cloned(), &["testing", "time"]);
        assert_eq!(
            added.to_string(),
            "{ version = \"0.1\", features = [\"testing\", \"serde\", \"time\"] }"
        );
    }
}
