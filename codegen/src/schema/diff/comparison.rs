//! The two schemas of a difference, with everything that is looked up in them many times.

use super::fates::Fates;
use super::graph::{GraphItem, ObjectGraph};
use super::rebuilt::find_rebuilt;
use crate::schema::Schema;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{Column, ObjectId, Table};
use std::collections::{BTreeSet, HashMap};

/// A table before and after.
pub(super) type Pair<'a> = (&'a Table, &'a Table);

/// The old and the new schema.
pub(super) struct Comparison<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) before: ObjectGraph<'a>,
    pub(super) after: ObjectGraph<'a>,
    /// The tables of both schemas, those that others inherit from first.
    pub(super) tables: Vec<Pair<'a>>,
    pub(super) fates: Fates,
    rebuilt: BTreeSet<String>,
    /// The parents that tables keep, by the table's name as SQL.
    parents: HashMap<&'a str, Vec<Pair<'a>>>,
    children: HashMap<&'a str, Vec<Pair<'a>>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn between(old: &'a Schema, new: &'a Schema) -> Self {
        let pairs = pair_tables(old, new);
        let parents = pair_parents(&pairs);
        let mut children: HashMap<&str, Vec<Pair<'_>>> = HashMap::new();
        for (before, after) in &pairs {
            for (parent, _) in parents.get(before.name.sql.as_str()).into_iter().flatten() {
                let entry = children.entry(parent.name.sql.as_str());
                entry.or_default().push((before, after));
            }
        }
        let mut comparison = Self {
            old,
            new,
            rebuilt: find_rebuilt(&pairs),
            before: ObjectGraph::of(old),
            after: ObjectGraph::of(new),
            tables: pairs,
            fates: Fates::default(),
            parents,
            children,
        };
        comparison.fates = Fates::of(&comparison);
        comparison
    }

    /// The parents that the table keeps.
    pub(super) fn parents(&self, table: &Table) -> &[Pair<'a>] {
        let parents = self.parents.get(table.name.sql.as_str());
        parents.map_or(&[], Vec::as_slice)
    }

    /// The child tables that stay child tables of the table, with theirs.
    pub(super) fn descendants(&self, table: &Table) -> Vec<Pair<'a>> {
        let children = self.children.get(table.name.sql.as_str());
        let children = children.into_iter().flatten();
        let with_own = |child: &Pair<'a>| {
            let mut all = vec![*child];
            all.extend(self.descendants(child.0));
            all
        };
        children.flat_map(with_own).collect()
    }

    /// The table of this name in both schemas.
    pub(super) fn kept_table(&self, sql: &str) -> Option<Pair<'a>> {
        let (before, after) = (
            find_table(&self.before, sql)?,
            find_table(&self.after, sql)?,
        );
        Some((before, after))
    }

    /// Whether the statement for the part of the partitioned table covers this part of a partition.
    pub(super) fn is_covered_by_parent(&self, graph: &ObjectGraph<'_>, part: &ObjectId) -> bool {
        let Some(parent) = graph.parent_parts.get(part) else {
            return false;
        };
        let table = |id: &ObjectId| graph.owner(id).map(|owner| owner.sql.clone());
        let (Some(table), Some(parent)) = (table(part), table(parent)) else {
            return false;
        };
        let parents = self.parents.get(table.as_str());
        parents.is_some_and(|parents| parents.iter().any(|(kept, _)| kept.name.sql == parent))
    }

    /// Whether the table of this name is renamed, created and filled again.
    pub(super) fn is_rebuilt(&self, sql: &str) -> bool {
        self.rebuilt.contains(sql)
    }

    /// Whether the object or part is created by the script: it is new, recreated or replaced.
    pub(super) fn comes(&self, id: &ObjectId) -> bool {
        !self.before.has(id) || self.fates.is_gone(id) || self.fates.is_replaced(id)
    }

    /// Generated columns that Postgres cannot alter: they are dropped, added and recomputed.
    pub(super) fn recreated_columns(&self, before: &Table, after: &Table) -> BTreeSet<String> {
        let both = before.columns.iter().filter(|column| {
            let mut others = after.columns.iter();
            others.any(|other| other.name == column.name)
        });
        let recreated = both.filter(|column| self.fates.is_column_gone(before, column));
        recreated.map(|column| column.name.clone()).collect()
    }
}

/// The column of this name.
pub(super) fn find_column<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table.columns.iter().find(|column| column.name == name)
}

pub(super) fn find_table<'a>(graph: &ObjectGraph<'a>, sql: &str) -> Option<&'a Table> {
    match graph.items.get(&ObjectId::relation(sql)) {
        Some(GraphItem::Object(DumpNode::Table(table))) => Some(table),
        _ => None,
    }
}

fn pair_tables<'a>(old: &'a Schema, new: &'a Schema) -> Vec<Pair<'a>> {
    let (before, after) = (by_name(old), by_name(new));
    let depths = (measure_depths(&before), measure_depths(&after));
    let depth = |table: &Table| {
        let name = table.name.sql.as_str();
        depths.0.get(name).max(depths.1.get(name)).copied()
    };
    let pairs = old.tables.iter().filter_map(|table| {
        let after = after.get(table.name.sql.as_str())?;
        Some((table, *after))
    });
    let mut pairs: Vec<Pair<'_>> = pairs.collect();
    pairs.sort_by_key(|(table, _)| depth(table));
    pairs
}

fn by_name(schema: &Schema) -> HashMap<&str, &Table> {
    let tables = schema.tables.iter();
    tables
        .map(|table| (table.name.sql.as_str(), table))
        .collect()
}

/// The number of ancestors in the longest chain above each table.
fn measure_depths<'a>(tables: &HashMap<&'a str, &'a Table>) -> HashMap<&'a str, usize> {
    let mut depths = HashMap::new();
    for name in tables.keys().copied() {
        find_depth(name, tables, &mut depths);
    }
    depths
}

/// Postgres has no circle of parents, so the recursion ends.
fn find_depth<'a>(
    name: &'a str,
    tables: &HashMap<&'a str, &'a Table>,
    depths: &mut HashMap<&'a str, usize>,
) -> usize {
    if let Some(depth) = depths.get(name) {
        return *depth;
    }
    let parents = tables
        .get(name)
        .into_iter()
        .flat_map(|table| table.parent_names());
    let above: Vec<usize> = parents
        .map(|parent| find_depth(parent, tables, depths) + 1)
        .collect();
    let depth = above.into_iter().max().unwrap_or(0);
    depths.insert(name, depth);
    depth
}

fn pair_parents<'a>(pairs: &[Pair<'a>]) -> HashMap<&'a str, Vec<Pair<'a>>> {
    let by_name: HashMap<&str, Pair<'a>> = pairs
        .iter()
        .map(|pair| (pair.0.name.sql.as_str(), *pair))
        .collect();
    let mut parents = HashMap::new();
    // A partition with other bounds is detached and attached: in between it has no parent.
    for (before, after) in pairs
        .iter()
        .filter(|(before, after)| before.partition == after.partition)
    {
        let kept = before
            .parent_names()
            .filter(|name| after.parent_names().any(|other| other == *name));
        let kept: Vec<Pair<'a>> = kept.filter_map(|name| by_name.get(name).copied()).collect();
        parents.insert(before.name.sql.as_str(), kept);
    }
    parents
}
