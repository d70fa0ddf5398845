//! The features of the runtime that the project's `Cargo.toml` enables, and its other dependencies.
//!
//! Given: the folder of a project. Gives: these, or nothing where the manifest does not name the runtime itself: another
//! crate of the program may depend on it then.

use crate::report::source::{SourceFile, Span};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use toml::{Table, Value};

const FILE: &str = "Cargo.toml";

/// The runtime's crate.
const RUNTIME: &str = "xact";

/// The dependency on the runtime.
#[derive(Clone, Debug)]
pub(crate) struct RuntimeDependency {
    /// The line of the manifest that names it.
    pub(crate) span: Span,
    pub(crate) features: BTreeSet<String>,
    /// The names of all dependencies.
    pub(crate) dependencies: BTreeSet<String>,
}

/// Reads the dependency of the project in this folder.
pub(crate) fn read_runtime(root: &Path) -> Option<RuntimeDependency> {
    let text = std::fs::read_to_string(root.join(FILE)).ok()?;
    let manifest: Table = text.parse().ok()?;
    let dependencies = manifest.get("dependencies")?.as_table()?;
    let dependency = dependencies.get(RUNTIME)?;
    let mut features = list_features(dependency);
    if dependency.get("workspace").and_then(Value::as_bool) == Some(true) {
        features.extend(read_workspace(root)?);
    }
    features.extend(passed_features(&manifest));
    let span = find_line(text)?;
    Some(RuntimeDependency {
        span,
        features,
        dependencies: list_dependencies(&manifest),
    })
}

/// Those of every target: one of them may be the only one that derives a trait.
fn list_dependencies(manifest: &Table) -> BTreeSet<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flat_map(Table::values);
    let of_targets = targets.filter_map(|target| target.get("dependencies"));
    let lists = manifest.get("dependencies").into_iter().chain(of_targets);
    let names = lists.filter_map(Value::as_table).flat_map(Table::keys);
    // A crate's name in Rust has no hyphen.
    names.map(|name| name.replace('-', "_")).collect()
}

fn list_features(dependency: &Value) -> BTreeSet<String> {
    let list = dependency.get("features").and_then(Value::as_array);
    let names = list.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}

/// The features of the dependency in the workspace that the project is in.
fn read_workspace(root: &Path) -> Option<BTreeSet<String>> {
    let root = root.canonicalize().ok()?;
    let manifests = root.ancestors().filter_map(|folder| {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        text.parse::<Table>().ok()
    });
    // The nearest one is that of the package.
    let mut workspaces = manifests.filter_map(|manifest| manifest.get("workspace").cloned());
    let dependencies = workspaces.next()?.get("dependencies")?.clone();
    dependencies.get(RUNTIME).map(list_features)
}

/// `xact/decimal` in a feature of the project, which may be enabled.
fn passed_features(manifest: &Table) -> BTreeSet<String> {
    let own = manifest.get("features").and_then(Value::as_table);
    let lists = own.into_iter().flat_map(Table::values);
    let names = lists.filter_map(Value::as_array).flatten();
    let passed = names.filter_map(|name| {
        let name = name.as_str()?.strip_prefix(RUNTIME)?;
        name.strip_prefix("?/").or_else(|| name.strip_prefix('/'))
    });
    passed.map(str::to_owned).collect()
}

fn find_line(text: String) -> Option<Span> {
    let mut start = 0;
    let names_it = |line: &str| {
        let line = line.trim_start();
        let table = line.starts_with(&format!("[dependencies.{RUNTIME}]"));
        let rest = line.strip_prefix(RUNTIME);
        table || rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
    };
    for line in text.split_inclusive('\n') {
        if names_it(line) {
            let range = start..start + line.trim_end().len();
            let path = FILE.to_owned();
            let file = Arc::new(SourceFile::new(path, text));
            return Some(Span { file, range });
        }
        start += line.len();
    }
    None
}
