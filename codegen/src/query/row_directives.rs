//! Comment lines about the struct of a query's rows: `-- row: Name`, `-- derive: serde::Serialize`,
//! `-- attribute: serde(rename_all = "camelCase")`.

use super::Query;

const ROW: &str = "row:";
const DERIVE: &str = "derive:";
const ATTRIBUTE: &str = "attribute:";

/// The lines of one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowDirectives {
    /// The name of the struct, which other queries with the same fields may share.
    pub name: Option<String>,
    /// The paths of derive macros.
    pub derives: Vec<String>,
    /// Attributes without `#[…]`.
    pub attributes: Vec<String>,
}

/// Whether a comment line is one of them. Their words are in small letters, so that `Row: …` is documentation.
pub(super) fn is_directive(line: &str) -> bool {
    let mut words = [ROW, DERIVE, ATTRIBUTE].into_iter();
    words.any(|word| line.starts_with(word))
}

impl RowDirectives {
    /// Reads those of a query.
    pub fn of(query: &Query) -> Self {
        let mut directives = Self::default();
        for line in &query.remarks {
            if let Some(name) = line.strip_prefix(ROW) {
                directives.name = Some(name.trim().to_owned());
            } else if let Some(paths) = line.strip_prefix(DERIVE) {
                let paths = paths.split(',').map(|path| path.trim().to_owned());
                directives.derives.extend(paths);
            } else if let Some(attribute) = line.strip_prefix(ATTRIBUTE) {
                directives.attributes.push(attribute.trim().to_owned());
            }
        }
        directives
    }
}
