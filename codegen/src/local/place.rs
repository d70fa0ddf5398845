//! Where one is: which repository, which branch, and so which database.

use crate::git;
use crate::report::Failure;
use std::path::{Path, PathBuf};
use xact::generated::content_hash;

/// Postgres cuts longer names (`NAMEDATALEN`), and two branches would then share a database.
const LONGEST: usize = 63;

/// The longest name of a project in those of its databases. The longest one is that of a template:
/// `__template_` and the 16 digits of a hash come after it.
const LONGEST_PROJECT: usize = LONGEST - "__template_".len() - 16;

/// A checkout of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// The folder that all checkouts of the repository share; without git, the project's folder.
    pub family: PathBuf,
    /// The name of the repository, with which the names of its databases begin.
    pub project: String,
    /// The branch; where there is none, the name of the checkout's folder.
    pub branch: String,
    /// The branch's database.
    pub database: String,
}

impl Checkout {
    /// Looks around in the project's folder.
    ///
    /// # Errors
    /// If the folder does not exist.
    pub fn of(root: &Path) -> Result<Self, Failure> {
        let folder = root.canonicalize().map_err(Failure::io("find", root))?;
        let checkout = git::checkout_folder(&folder).unwrap_or_else(|| folder.clone());
        let family = git::common_folder(&folder).unwrap_or_else(|| folder.clone());
        // The common folder of a repository is `<main checkout>/.git`, or `<name>.git` if it is bare.
        let main = match family.file_name() {
            Some(name) if name == ".git" => family.parent().unwrap_or(&family),
            _ => &family,
        };
        let project = project_name(last_name(main).trim_end_matches(".git"));
        // Without a branch (a detached HEAD) the checkout's folder is the name that a developer
        // knows.
        let branch = git::current_branch(&folder).unwrap_or_else(|| last_name(&checkout));
        let database = database_name(&project, &branch);
        Ok(Self {
            family,
            project,
            branch,
            database,
        })
    }
}

/// `project_branch`. A branch whose name cannot be kept as it is gets a hash, so that `a-b` and `a/b`
/// are two databases.
fn database_name(project: &str, branch: &str) -> String {
    let plain_branch = plain_name(branch);
    let name = format!("{project}_{plain_branch}");
    // Only a branch that is its own plain name needs no hash: `a-b` and `a_b` would be one
    // database.
    if plain_branch == branch && name.len() <= LONGEST {
        return name;
    }
    // 32 bits suffice for the branches of one repository, and leave room for a readable name.
    let hash = format!("_{:08x}", content_hash(branch.as_bytes()) & 0xffff_ffff);
    let kept: String = name.chars().take(LONGEST - hash.len()).collect();
    kept + &hash
}

/// A name that needs no quotes: it begins with a letter or `_`.
fn project_name(folder: &str) -> String {
    let name = plain_name(folder);
    // An unquoted name in SQL begins with a letter or an underscore.
    let begins_with_digit = name.starts_with(|c: char| c.is_ascii_digit());
    let name = if begins_with_digit {
        format!("_{name}")
    } else {
        name
    };
    name.chars().take(LONGEST_PROJECT).collect()
}

/// Lower-case letters, digits and `_`.
fn plain_name(name: &str) -> String {
    let plain = name.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    });
    // Project and branch get 40 characters each before the whole is cut, so that neither hides the other.
    plain.take(40).collect()
}

fn last_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::{database_name, project_name};

    #[test]
    fn the_name_of_a_folder_becomes_one_that_needs_no_quotes() {
        assert_eq!(project_name("shop"), "shop");
        assert_eq!(project_name("2048-Game"), "_2048_game");
        assert_eq!(
            project_name(&"x".repeat(60)).len() + "__template_0123456789abcdef".len(),
            63
        );
    }

    #[test]
    fn each_branch_has_a_database_of_its_own_that_is_named_after_it() {
        assert_eq!(database_name("shop", "main"), "shop_main");
        let (dashed, slashed) = (
            database_name("shop", "fix-it"),
            database_name("shop", "fix/it"),
        );
        assert!(dashed.starts_with("shop_fix_it_") && slashed.starts_with("shop_fix_it_"));
        assert_ne!(dashed, slashed);
        assert_ne!(database_name("shop", "Main"), "shop_main");
        let long = "x".repeat(100);
        assert!(database_name("shop", &long).len() <= 63);
        assert_ne!(
            database_name("shop", &long),
            database_name("shop", &"x".repeat(101))
        );
    }
}
