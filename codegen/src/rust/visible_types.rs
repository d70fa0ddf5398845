//! Rust types that a project names have to be visible from the generated module, which imports none of them.
//!
//! Given: the text of a type. Gives: the first name in it that the module cannot see, and the paths of types of that name that the
//! sources of the crate define or import. The sources are read for a help alone, so they are no input of a run.

use crate::output::MARKER;
use crate::report::source;
use std::path::Path;
use syn::{GenericArgument, Item, PathArguments, Type, UseTree};

/// Names of the prelude, and primitive types.
const ALWAYS_VISIBLE: &[&str] = &[
    "Box", "Option", "Result", "String", "Vec", "bool", "char", "f32", "f64", "i8", "i16", "i32",
    "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// The first name of a type that is not visible; none if all are, or if the text is no type.
pub(super) fn find_invisible(text: &str) -> Option<String> {
    find_in_type(&syn::parse_str(text).ok()?)
}

fn find_in_type(rust_type: &Type) -> Option<String> {
    match rust_type {
        Type::Path(path) => find_in_path(&path.path),
        Type::Reference(reference) => find_in_type(&reference.elem),
        Type::Array(array) => find_in_type(&array.elem),
        Type::Slice(slice) => find_in_type(&slice.elem),
        Type::Paren(inner) => find_in_type(&inner.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(find_in_type),
        _ => None,
    }
}

/// A path of several names begins with a crate or with `crate`, which every module sees.
fn find_in_path(path: &syn::Path) -> Option<String> {
    let bare = path
        .segments
        .first()
        .filter(|_| path.segments.len() == 1 && path.leading_colon.is_none());
    let name = bare.map(|segment| segment.ident.to_string());
    let invisible = name.filter(|name| !ALWAYS_VISIBLE.contains(&name.as_str()));
    if invisible.is_some() {
        return invisible;
    }
    let arguments = path
        .segments
        .iter()
        .filter_map(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
            _ => None,
        });
    arguments.flatten().find_map(|argument| match argument {
        GenericArgument::Type(rust_type) => find_in_type(rust_type),
        _ => None,
    })
}

/// The help for a name that is not visible: the paths that the crate has for it.
pub(super) fn write_help(root: &Path, name: &str) -> String {
    let mut paths = find_paths(root, name);
    paths.truncate(MOST_PATHS);
    if paths.is_empty() {
        return format!("write its path, as `crate::{name}`");
    }
    let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    format!("write its path: {}", paths.join(" or "))
}

/// More paths of one name than this are no help.
const MOST_PATHS: usize = 3;

/// The paths of the types of this name: first those that the crate defines, then those that it imports.
fn find_paths(root: &Path, name: &str) -> Vec<String> {
    let (mut defined, mut imported) = (Vec::new(), Vec::new());
    // A source that cannot be read only has no part in the help.
    for path in source::list(root, "src", "rs").unwrap_or_default() {
        let Ok(file) = source::read(root, &path) else {
            continue;
        };
        let Ok(parsed) = syn::parse_file(&file.text) else {
            continue;
        };
        // The types of the generated module are in scope there, so none of them is meant.
        if !file.text.contains(MARKER) {
            let mut paths = VisiblePaths {
                name,
                defined: &mut defined,
                imported: &mut imported,
            };
            paths.search(&parsed.items, &module_path(&path));
        }
    }
    defined.extend(imported);
    let mut seen = std::collections::BTreeSet::new();
    defined.retain(|path| seen.insert(path.clone()));
    defined
}

/// `src/orders/status.rs` → `crate::orders::status`, `src/lib.rs` → `crate`.
fn module_path(path: &str) -> String {
    let stem = path.strip_prefix("src/").unwrap_or(path);
    let stem = stem.strip_suffix(".rs").unwrap_or(stem);
    let names = stem
        .split('/')
        .filter(|name| !["lib", "main", "mod"].contains(name));
    std::iter::once("crate")
        .chain(names)
        .collect::<Vec<_>>()
        .join("::")
}

struct VisiblePaths<'p> {
    name: &'p str,
    defined: &'p mut Vec<String>,
    imported: &'p mut Vec<String>,
}

impl VisiblePaths<'_> {
    fn search(&mut self, items: &[Item], module: &str) {
        for item in items {
            let ident = match item {
                Item::Struct(item) => &item.ident,
                Item::Enum(item) => &item.ident,
                Item::Type(item) => &item.ident,
                Item::Use(item) => {
                    self.search_use(&item.tree, "");
                    continue;
                }
                Item::Mod(item) => {
                    let inner = item.content.as_ref().map(|(_, items)| items.as_slice());
                    self.search(
                        inner.unwrap_or_default(),
                        &format!("{module}::{}", item.ident),
                    );
                    continue;
                }
                _ => continue,
            };
            if ident == self.name {
                self.defined.push(format!("{module}::{ident}"));
            }
        }
    }

    fn search_use(&mut self, tree: &UseTree, before: &str) {
        match tree {
            UseTree::Path(path) => {
                self.search_use(&path.tree, &format!("{before}{}::", path.ident));
            }
            UseTree::Group(group) => group
                .items
                .iter()
                .for_each(|tree| self.search_use(tree, before)),
            // A relative path means another type in the generated module.
            UseTree::Name(name) if name.ident == self.name && !is_relative(before) => {
                self.imported.push(format!("{before}{}", name.ident));
            }
            UseTree::Rename(rename) if rename.rename == self.name && !is_relative(before) => {
                self.imported.push(format!("{before}{}", rename.ident));
            }
            UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => {}
        }
    }
}

fn is_relative(path: &str) -> bool {
    path.is_empty() || path.starts_with("self::") || path.starts_with("super::")
}

#[cfg(test)]
mod tests {
    use super::{find_invisible, find_paths};

    #[test]
    fn only_names_without_a_path_are_invisible() {
        for visible in [
            "Vec<String>",
            "crate::Status",
            "chrono::DateTime<chrono::Utc>",
            "(i64, Option<bool>)",
            "::a::B",
            "[u8; 4]",
        ] {
            assert_eq!(find_invisible(visible), None, "{visible}");
        }
        for (text, name) in [
            ("Status", "Status"),
            ("chrono::DateTime<Utc>", "Utc"),
            ("Vec<(i64, Money)>", "Money"),
        ] {
            assert_eq!(find_invisible(text).as_deref(), Some(name), "{text}");
        }
    }

    #[test]
    fn the_paths_of_a_name_are_those_of_its_definitions_and_imports() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let write = |path: &str, text: &str| {
            let path = folder.path().join("src").join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
            std::fs::write(path, text)
        };
        write(
            "lib.rs",
            "use chrono::{DateTime, Utc}; use super::Status; pub mod inner { pub type Money = i64; }",
        )?;
        write("orders/mod.rs", "pub enum Status { Open }")?;
        write(
            "other.rs",
            "use crate::orders::Status; use chrono::Utc as Zone;",
        )?;
        let find = |name: &str| find_paths(folder.path(), name);
        assert_eq!(find("Status"), ["crate::orders::Status"]);
        assert_eq!(find("Money"), ["crate::inner::Money"]);
        assert_eq!(find("DateTime"), ["chrono::DateTime"]);
        assert_eq!(find("Zone"), ["chrono::Utc"]);
        assert_eq!(find("None"), [""; 0]);
        Ok(())
    }
}
