//! The name of the package that a folder without `Cargo.toml` becomes.

use crate::rust::is_keyword;

/// The name where that of the folder is none.
const FALLBACK: &str = "data";

/// Crates that the library and its tests use under these names: `xact init` writes the dependencies, Rust has the others.
const TAKEN: &[&str] = &[
    "alloc",
    "core",
    "proc_macro",
    "std",
    "test",
    "tokio",
    "xact",
];

/// A name, and why it is not that of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PackageName {
    pub(super) name: String,
    pub(super) reason: Option<String>,
}

/// The name for a folder, as far as cargo takes that of the folder; none is that of a folder without one, such as `/`.
pub(super) fn choose_package_name(folder: Option<&str>) -> PackageName {
    let Some(folder) = folder else {
        return fall_back("the folder has no name that can be read".to_owned());
    };
    let letters = folder.chars().map(|c| match c.to_ascii_lowercase() {
        c if c.is_ascii_alphanumeric() => c,
        _ => '-',
    });
    let name: String = letters.collect();
    let name = name.trim_matches('-');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return fall_back(format!(
            "a package's name begins with a letter, and that of the folder, `{folder}`, does not"
        ));
    }
    let crate_name = name.replace('-', "_");
    if is_keyword(&crate_name) {
        return fall_back(format!(
            "the name of the folder, `{folder}`, is a keyword of Rust"
        ));
    }
    if TAKEN.contains(&crate_name.as_str()) {
        return fall_back(format!(
            "the name of the folder, `{folder}`, is that of a crate it uses"
        ));
    }
    let reason = (name != folder).then(|| {
        format!("the folder is `{folder}`, and this name has small letters, digits and `-` alone")
    });
    PackageName {
        name: name.to_owned(),
        reason,
    }
}

fn fall_back(reason: String) -> PackageName {
    PackageName {
        name: FALLBACK.to_owned(),
        reason: Some(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::choose_package_name;

    #[test]
    fn a_name_that_is_not_that_of_the_folder_has_a_reason() {
        for (folder, name, reason) in [
            ("shop", "shop", None),
            ("old-shop2", "old-shop2", None),
            ("My Shop!", "my-shop", Some("the folder is `My Shop!`")),
            ("2shop", "data", Some("begins with a letter")),
            ("東京", "data", Some("begins with a letter")),
            ("async", "data", Some("is a keyword of Rust")),
            ("Proc macro", "data", Some("is that of a crate it uses")),
            ("xact", "data", Some("is that of a crate it uses")),
        ] {
            let chosen = choose_package_name(Some(folder));
            assert_eq!(chosen.name, name);
            let found = chosen.reason.as_deref().unwrap_or_default();
            assert_eq!(chosen.reason.is_some(), reason.is_some(), "{folder}");
            assert!(found.contains(reason.unwrap_or_default()), "{found}");
        }
        assert_eq!(choose_package_name(None).name, "data");
    }
}
