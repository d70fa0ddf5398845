//! The columns of each `*` of a block, as text: by the names that its tree has for them.

use super::RefusedStar;
use super::block::{Home, ListItem, Star, StarBlock, StarInsert};
use super::star::Of;
use super::visible::{self, VisibleColumn};
use crate::query::TypeCatalog;
use crate::query::analysis::{
    scope,
    tree::{Expr, QueryTree, Relation, StatementTree, TargetEntry},
};
use crate::sql::identifier::write_identifier;
use std::collections::HashSet;
use std::ops::Range;

/// The replacements in a block, which is `query` in the tree of a statement of these queries.
pub(super) fn write_edits(
    block: &StarBlock,
    query: Option<&QueryTree>,
    queries: &[QueryTree],
    types: &TypeCatalog,
) -> Result<Vec<(Range<usize>, String)>, RefusedStar> {
    let Some(query) = query else {
        let at = block.ranges().next().unwrap_or(0..0);
        return Err(refusal_at(
            &at,
            "its SELECT is not found in Postgres's tree",
        ));
    };
    let writer = StarWriter {
        query,
        queries,
        types,
    };
    let mut edits = writer.list_edits(block)?;
    for star in &block.rows {
        edits.push((star.range.clone(), writer.row_columns(star)?));
    }
    for insert in &block.inserts {
        edits.push((insert.at..insert.at, writer.insert_columns(insert)?));
    }
    Ok(edits)
}

struct StarWriter<'t> {
    query: &'t QueryTree,
    queries: &'t [QueryTree],
    types: &'t TypeCatalog,
}

impl StarWriter<'_> {
    /// The columns of each `*` in the list of a SELECT or RETURNING: a run of the targets of the tree.
    fn list_edits(&self, block: &StarBlock) -> Result<Vec<(Range<usize>, String)>, RefusedStar> {
        let stars = block.items.iter().filter_map(|item| match item {
            ListItem::Star(star) => Some(star),
            ListItem::Value => None,
        });
        let Some(first) = stars.clone().next() else {
            return Ok(Vec::new());
        };
        let targets: Vec<&TargetEntry> = self.query.columns().collect();
        let sizes = self.item_sizes(&block.items, targets.len());
        let sizes = sizes.ok_or_else(|| {
            refusal_at(
                &first.range,
                "more than one `*` of this list is of unknown length",
            )
        })?;
        let (mut edits, mut at) = (Vec::new(), 0);
        for (item, size) in block.items.iter().zip(sizes) {
            let run = &targets[at..at + size];
            at += size;
            let ListItem::Star(star) = item else { continue };
            if star.of == Of::All && self.must_stay(run) {
                continue;
            }
            let columns = run.iter().map(|target| self.column_text(star, target));
            let columns = columns.collect::<Result<Vec<_>, _>>()?.join(", ");
            edits.push((
                star.range.clone(),
                match block.home {
                    Home::Table(_) => format!("SELECT {columns} FROM"),
                    _ => columns,
                },
            ));
        }
        Ok(edits)
    }

    /// Whether these columns have no names of their own, and need none, because no migration changes them.
    fn must_stay(&self, columns: &[&TargetEntry]) -> bool {
        let names: HashSet<&str> = columns.iter().map(|target| &*target.name).collect();
        names.len() < columns.len() && visible::are_fixed(self.query, self.types)
    }

    /// How many columns each item has. The length of one `*` may be unknown: it has the rest.
    fn item_sizes(&self, items: &[ListItem], all: usize) -> Option<Vec<usize>> {
        let sizes: Vec<Option<usize>> = items.iter().map(|item| self.item_size(item)).collect();
        let known: usize = sizes.iter().flatten().sum();
        let unknown = sizes.iter().filter(|size| size.is_none()).count();
        // The tree has all columns, so one unknown length is what the others leave.
        let rest = all.checked_sub(known)?;
        // With two unknown lengths the boundary between them is open, and a column could move to another field.
        let fits = unknown == 1 || (unknown == 0 && rest == 0);
        fits.then(|| sizes.into_iter().map(|size| size.unwrap_or(rest)).collect())
    }

    fn item_size(&self, item: &ListItem) -> Option<usize> {
        match item {
            ListItem::Value => Some(1),
            ListItem::Star(star) => match &star.of {
                Of::All => visible::visible_columns(self.query).map(|columns| columns.len()),
                Of::Prefix { relation, .. } => {
                    let relation = self.relation(relation.as_ref()?)?;
                    Some(relation.existing_columns().count())
                }
            },
        }
    }

    /// The relation of a name: of the block, or of a query around it.
    fn relation(&self, name: &str) -> Option<&Relation> {
        // The query itself first: an inner relation hides an outer one of the same name.
        let queries = [self.query].into_iter().chain(self.queries);
        let mut relations = queries.flat_map(|query| &query.relations);
        let found = relations.find(|relation| relation.name == name);
        // `old` and `new` of RETURNING are the table itself (18).
        let changed =
            ["old", "new"].contains(&name) && self.query.statement != StatementTree::Select;
        found.or_else(|| {
            self.query
                .relation(self.query.result_relation)
                .filter(|_| changed)
        })
    }

    fn column_text(&self, star: &Star, target: &TargetEntry) -> Result<String, RefusedStar> {
        match &star.of {
            Of::Prefix { written, .. } => {
                Ok(format!("{written}.{}", write_identifier(&target.name)))
            }
            Of::All => self.column_reference(target).ok_or_else(|| {
                let reason = format!(
                    "nothing in FROM has a column `{}` of one meaning",
                    target.name
                );
                refusal_at(&star.range, &reason)
            }),
        }
    }

    /// A column of FROM by the name that means it alone.
    fn column_reference(&self, target: &TargetEntry) -> Option<String> {
        let columns = visible::visible_columns(self.query)?;
        let Expr::Var(var) = &target.expr else {
            return None;
        };
        // A column of an outer query cannot come from `*`.
        let var = scope::ungrouped(self.query, *var).filter(|var| var.levels_up == 0)?;
        let named = columns
            .iter()
            .filter(|column: &&VisibleColumn| column.name == target.name);
        // By the relation and column that the tree has, since two relations may have columns of one
        // name.
        let mut references = named.flat_map(|column| &column.references);
        let found = references
            .find(|found| (found.relation, found.column) == (var.relation, var.column))?;
        let name = write_identifier(&target.name);
        Some(match &found.qualifier {
            Some(qualifier) => format!("{}.{name}", write_identifier(qualifier)),
            None => name,
        })
    }

    /// The columns of `t.*` in a row.
    fn row_columns(&self, star: &Star) -> Result<String, RefusedStar> {
        let Of::Prefix { written, relation } = &star.of else {
            return Err(refusal_at(&star.range, "this is no column of a row"));
        };
        let relation = relation.as_ref().and_then(|name| self.relation(name));
        let relation = relation.ok_or_else(|| {
            refusal_at(
                &star.range,
                "the fields of an expression have no names here",
            )
        })?;
        let columns = relation.existing_columns();
        let columns = columns.map(|(_, name)| format!("{written}.{}", write_identifier(name)));
        Ok(columns.collect::<Vec<_>>().join(", "))
    }

    /// ` (columns)` of an INSERT that has none.
    fn insert_columns(&self, insert: &StarInsert) -> Result<String, RefusedStar> {
        let at = insert.at..insert.at;
        let names: Vec<String> = match &insert.values {
            None => self
                .query
                .targets
                .iter()
                .map(|target| write_identifier(&target.name))
                .collect(),
            Some(values) => {
                let table = self.query.relation(self.query.result_relation);
                let sizes = values
                    .iter()
                    .map(|item| self.item_size(item))
                    .sum::<Option<usize>>();
                let (table, count) = table
                    .zip(sizes)
                    .ok_or_else(|| refusal_at(&at, "its values are not counted"))?;
                let names = table
                    .existing_columns()
                    .map(|(_, name)| write_identifier(name));
                // INSERT without a list fills the first columns ("INSERT": "the first N column
                // names").
                names.take(count).collect()
            }
        };
        Ok(format!(" ({})", names.join(", ")))
    }
}

fn refusal_at(at: &Range<usize>, reason: &str) -> RefusedStar {
    RefusedStar {
        at: at.clone(),
        reason: reason.to_owned(),
    }
}
