//! The dependency on the runtime: the crate `xact` of the checkout that this tool was built in, of a folder that the user names, or
//! of the registry.

use crate::report::{Failure, Stop};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, InlineTable, Value};

/// The version of the runtime that this tool generates for.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The runtime beside the sources of this tool. Where the tool was installed from a registry, there is none.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../xact");

/// The name of its package.
const PACKAGE: &str = "xact";

/// The runtime that a project depends on.
#[derive(Clone, Debug)]
pub(super) enum Runtime {
    /// The published version that goes with this tool.
    Published,
    /// The package in a folder.
    Folder(PathBuf),
}

impl Runtime {
    /// The one in the folder that the user names; without one, that of the checkout, or the published one.
    pub(super) fn choose(folder: Option<&Path>) -> Result<Self, Stop> {
        if let Some(folder) = folder {
            return find_in_folder(folder).map(Self::Folder);
        }
        let beside = find_in_folder(Path::new(BESIDE)).ok();
        Ok(beside.map_or(Self::Published, Self::Folder))
    }

    /// The dependency in `Cargo.toml`.
    pub(super) fn dependency(&self) -> Value {
        match self {
            Self::Published => Value::from(VERSION),
            Self::Folder(folder) => {
                let folder = folder.to_string_lossy();
                Value::InlineTable(InlineTable::from_iter([("path", folder.as_ref())]))
            }
        }
    }

    /// The package of the tool that goes with it, as `cargo install` takes it.
    pub(super) fn tool(&self) -> String {
        match self {
            Self::Published => format!("xact-cli@{VERSION}"),
            Self::Folder(folder) => format!("--path {}", folder.join("../cli").display()),
        }
    }

    /// Whether cargo resolves a dependency that an earlier run wrote. A version is one of a registry that may not have it; a folder
    /// may have been moved.
    pub(super) fn replaces(&self, dependency: &Value) -> bool {
        let path = text_at(dependency, "path");
        match (self, path) {
            (_, Some(path)) => {
                find_in_folder(Path::new(path)).is_err() && Path::new(path).is_absolute()
            }
            (Self::Folder(_), None) => {
                version_of(dependency) == Some(VERSION) && is_ours(dependency)
            }
            (Self::Published, None) => false,
        }
    }
}

fn version_of(dependency: &Value) -> Option<&str> {
    dependency
        .as_str()
        .or_else(|| text_at(dependency, "version"))
}

fn text_at<'d>(dependency: &'d Value, key: &str) -> Option<&'d str> {
    dependency.as_inline_table()?.get(key)?.as_str()
}

/// Whether it has no key but those that this command writes: a registry or a git repository that the user chose is left alone.
fn is_ours(dependency: &Value) -> bool {
    let table = dependency.as_inline_table();
    table.is_none_or(|table| {
        table
            .iter()
            .all(|(key, _)| key == "version" || key == "features")
    })
}

/// The folder of the package, if it is the runtime: checked here, because cargo would report another package only at the first
/// build, by its name alone. The root of a checkout is accepted too.
fn find_in_folder(folder: &Path) -> Result<PathBuf, Stop> {
    let manifest = folder.join("Cargo.toml");
    let manifest = manifest
        .canonicalize()
        .map_err(Failure::io("find the runtime in", folder))?;
    let root = manifest.parent().unwrap_or(&manifest).to_owned();
    let (name, version) = read_package(&manifest)?;
    if name.as_deref() != Some(PACKAGE) {
        let inner = root.join(PACKAGE);
        if inner.join("Cargo.toml").is_file() {
            return find_in_folder(&inner);
        }
        let found = name.map_or_else(
            || "has no package".to_owned(),
            |name| format!("is the package `{name}`"),
        );
        return Err(Failure::NotRuntime {
            folder: root,
            found,
        }
        .into());
    }
    match version {
        Some(version) if version != VERSION => {
            let found = format!("is version {version}, but this tool generates for {VERSION}");
            Err(Failure::NotRuntime {
                folder: root,
                found,
            }
            .into())
        }
        _ => Ok(root),
    }
}

/// The name of a package, and its version unless it is that of a workspace.
fn read_package(manifest: &Path) -> Result<(Option<String>, Option<String>), Stop> {
    let text = std::fs::read_to_string(manifest).map_err(Failure::io("read", manifest))?;
    let document: DocumentMut = text.parse().unwrap_or_default();
    let value = |key: &str| {
        let item = document.get("package")?.get(key)?;
        item.as_str().map(str::to_owned)
    };
    Ok((value("name"), value("version")))
}
