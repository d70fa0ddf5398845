//! Range-table entries: everything a column can belong to.

use super::expression::{self, Expr};
use super::node::{Node, Tagged};
use super::query::{self, QueryTree};

/// One entry of a query's range table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Relation {
    /// Its name in the query.
    pub(crate) name: String,
    /// The names of its columns in the query.
    pub(crate) columns: Vec<String>,
    /// Whether the query gives it that name, by an alias.
    pub(crate) aliased: bool,
    /// How many of its columns the query renames, by position: `AS t (a, b)`.
    pub(crate) renamed: usize,
    /// How many columns of a join USING or NATURAL merges; they come first.
    pub(crate) merged: usize,
    pub(crate) kind: RelationKind,
    /// The nodes below the parts that are not understood, such as TABLESAMPLE.
    pub(crate) hidden: Vec<Expr>,
}

/// The kinds of entries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RelationKind {
    /// A table, a view, or another relation of the catalog.
    Table {
        oid: u32,
        /// Whether rows of children and partitions come too.
        inherited: bool,
    },
    Subquery(Box<QueryTree>),
    /// A join; each column is an expression over its sides.
    Join(Vec<Expr>),
    /// Functions in FROM, each with its number of columns.
    Functions {
        functions: Vec<(Expr, usize)>,
        ordinality: bool,
    },
    /// The rows of a VALUES list.
    Values(Vec<Vec<Expr>>),
    Cte {
        name: String,
        levels_up: usize,
    },
    /// The result of grouping (18); each column is an expression of GROUP BY.
    Group(Vec<Expr>),
    /// Anything else.
    Unknown,
}

impl Relation {
    /// Its columns that were not dropped, each with its number.
    pub(crate) fn existing_columns(&self) -> impl Iterator<Item = (i32, &str)> {
        let numbered = (1..).zip(self.columns.iter().map(String::as_str));
        // One that was dropped has no name.
        numbered.filter(|(_, name)| !name.is_empty())
    }
}

pub(super) fn convert(node: &Node) -> Relation {
    let entry = node.tagged("RANGETBLENTRY");
    let reference = entry.and_then(|entry| match entry.get("eref")? {
        Node::Tagged(alias) => Some(alias),
        _ => None,
    });
    let alias = entry.and_then(|entry| entry.get("alias")?.tagged("ALIAS"));
    let known = entry.and_then(kind);
    let hidden = entry.map_or_else(Vec::new, |entry| hidden(entry, known.as_ref()));
    let columns = reference.map_or(&[][..], |alias| alias.list("colnames"));
    Relation {
        name: reference
            .and_then(|alias| alias.text("aliasname"))
            .unwrap_or_default()
            .to_owned(),
        columns: columns
            .iter()
            // An empty name keeps the place of a dropped column, so the numbers of those after it
            // stay true.
            .map(|name| name.text().unwrap_or_default().to_owned())
            .collect(),
        aliased: alias.is_some(),
        renamed: alias.map_or(0, |alias| alias.list("colnames").len()),
        merged: entry
            .and_then(|entry| entry.number("joinmergedcols"))
            .unwrap_or(0),
        kind: known.unwrap_or(RelationKind::Unknown),
        hidden,
    }
}

/// The parts that no [`RelationKind`] has.
fn hidden(entry: &Tagged, kind: Option<&RelationKind>) -> Vec<Expr> {
    match kind {
        Some(RelationKind::Table { .. }) => expression::field(entry, "tablesample")
            .into_iter()
            .collect(),
        Some(_) => Vec::new(),
        // Whatever is below an entry of a new kind is still seen by the checks for session state.
        None => expression::parts(entry),
    }
}

/// By Postgres's `RTEKind`.
fn kind(entry: &Tagged) -> Option<RelationKind> {
    Some(match entry.number::<u8>("rtekind")? {
        0 => RelationKind::Table {
            oid: entry.number("relid")?,
            inherited: entry.flag("inh"),
        },
        1 => {
            let subquery = query::convert(entry.get("subquery")?.tagged("QUERY")?)?;
            RelationKind::Subquery(Box::new(subquery))
        }
        2 => RelationKind::Join(expression::convert_all(entry.list("joinaliasvars"))),
        3 => RelationKind::Functions {
            functions: entry
                .list("functions")
                .iter()
                .map(function)
                .collect::<Option<_>>()?,
            ordinality: entry.flag("funcordinality"),
        },
        5 => RelationKind::Values(values(entry.list("values_lists"))?),
        6 => RelationKind::Cte {
            name: entry.text("ctename")?.to_owned(),
            levels_up: entry.number("ctelevelsup")?,
        },
        // 4 (TABLEFUNC), 7 (NAMEDTUPLESTORE) and 8 (RESULT) prove nothing and stay unknown.
        9 => RelationKind::Group(expression::convert_all(entry.list("groupexprs"))),
        _ => return None,
    })
}

fn function(node: &Node) -> Option<(Expr, usize)> {
    let function = node.tagged("RANGETBLFUNCTION")?;
    Some((
        expression::field(function, "funcexpr")?,
        function.number("funccolcount")?,
    ))
}

fn values(rows: &[Node]) -> Option<Vec<Vec<Expr>>> {
    rows.iter()
        .map(|row| match row {
            Node::List(values) => Some(expression::convert_all(values)),
            _ => None,
        })
        .collect()
}
