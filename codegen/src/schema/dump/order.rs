//! The order of schema.sql: by kind and name, except where Postgres needs something first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use super::circles;
use super::inheritance::find_joining;
use super::nodes::{DumpNode, Section, key, parts, section};
use super::storage::{SetLater, set_later};
use crate::schema::model::{
    Name, ObjectId, ObjectKind, Schema, Sequence, StatementKind, Table, ViewKind,
};
use crate::sql::quote::quote_literal;

/// Nodes in the order of the file, and statements that follow the tables.
pub(super) struct DumpOrder<'a> {
    pub(super) nodes: Vec<DumpNode<'a>>,
    /// Sequences that a `serial` column makes, by name.
    pub(super) serials: HashMap<&'a str, &'a Sequence>,
    /// Sequences that a table owns, by the table's name.
    pub(super) owned: HashMap<&'a str, Vec<&'a Sequence>>,
    /// Columns whose storage can only be set once the tables that inherit them are there.
    pub(super) stored_later: SetLater<'a>,
    /// Tables that join their parents later.
    joining: HashSet<&'a str>,
    /// The unique indexes that foreign keys depend on, with their tables, as SQL.
    pub(super) referenced_keys: HashSet<(&'a str, &'a str)>,
    /// Views and functions that Postgres executes when it fills a materialized view.
    pub(super) executed: HashSet<ObjectId>,
    /// Views and functions that are in front of others that they refer to: in a circle one has to be.
    pub(super) stubs: HashSet<ObjectId>,
    /// Views and functions that refer to themselves.
    pub(super) recursive: HashSet<ObjectId>,
    /// Functions and rules that name a constraint which follows all tables.
    pub(super) naming_late: HashSet<ObjectId>,
    /// Tables, views, and all that needs one of them.
    late: HashSet<ObjectId>,
}

impl DumpOrder<'_> {
    /// The table of this name as SQL.
    pub(super) fn find_table(&self, name: &str) -> Option<&Table> {
        self.nodes.iter().find_map(|node| match node {
            DumpNode::Table(table) if table.name.sql == name => Some(*table),
            _ => None,
        })
    }

    /// Whether the table joins its parents later.
    pub(super) fn joins_later(&self, table: &Table) -> bool {
        self.joining.contains(table.name.sql.as_str())
    }
}

/// Whether a part of the relation `own` must wait until all tables, views and late functions are there.
pub(super) fn must_wait(order: &DumpOrder<'_>, own: &str, needs: &[ObjectId]) -> bool {
    needs
        .iter()
        .any(|need| *need != ObjectId::relation(own) && order.late.contains(need))
}

/// Sorts all objects of the schema.
pub(super) fn sort_objects(schema: &Schema) -> DumpOrder<'_> {
    let serials = find_serials(schema);
    let mut owned: HashMap<&str, Vec<&Sequence>> = HashMap::new();
    for sequence in &schema.sequences {
        if let Some(owner) = &sequence.owned_by {
            owned.entry(&owner.table).or_default().push(sequence);
        }
    }
    let nodes = list_nodes(schema, &serials);
    let needs: HashMap<ObjectId, Vec<ObjectId>> = nodes
        .iter()
        .map(|node| (key(node), list_needs(node, &serials)))
        .collect();
    let late = find_late(&nodes, &needs, &serials);
    let recursive = nodes.iter().filter(|node| circles::needs_itself(node));
    let recursive = recursive.map(key).collect();
    let executed = find_executed(schema, &needs);
    let naming_late = find_naming_late(schema, &nodes, &late);
    let SortedNodes { nodes, stubs } = sort_nodes(&nodes, &needs, &late);
    DumpOrder {
        nodes,
        serials,
        owned,
        stored_later: set_later(&schema.tables),
        joining: find_joining(&schema.tables),
        referenced_keys: find_referenced_keys(schema),
        executed,
        stubs,
        recursive,
        naming_late,
        late,
    }
}

fn find_naming_late(
    schema: &Schema,
    nodes: &[DumpNode<'_>],
    late: &HashSet<ObjectId>,
) -> HashSet<ObjectId> {
    let constraints = schema.tables.iter().flat_map(|table| {
        let own = ObjectId::relation(table.name.sql.as_str());
        let waiting = table.constraints.iter().filter(move |constraint| {
            let mut needs = constraint.attached.needs.iter();
            needs.any(|need| *need != own && late.contains(need))
        });
        waiting.map(|constraint| {
            ObjectId::part(ObjectKind::Constraint, &table.name.sql, &constraint.sql)
        })
    });
    let constraints: HashSet<ObjectId> = constraints.collect();
    let names = |node: &&DumpNode<'_>| {
        let mut reads = parts(node).2.reads.iter();
        reads.any(|id| constraints.contains(id))
    };
    nodes.iter().filter(names).map(key).collect()
}

pub(super) fn find_referenced_keys(schema: &Schema) -> HashSet<(&str, &str)> {
    let constraints = schema.tables.iter().flat_map(|table| &table.constraints);
    let references = constraints.filter_map(|constraint| constraint.references.as_ref());
    references
        .map(|reference| (reference.table.as_str(), reference.index.as_str()))
        .collect()
}

/// All that the materialized views with rows need, however indirectly.
fn find_executed(schema: &Schema, needs: &HashMap<ObjectId, Vec<ObjectId>>) -> HashSet<ObjectId> {
    let stored = schema.views.iter();
    let stored = stored.filter(|view| view.kind == ViewKind::Materialized);
    let mut open: Vec<ObjectId> = stored
        .map(|view| ObjectId::relation(view.name.sql.as_str()))
        .collect();
    let mut executed = HashSet::new();
    while let Some(id) = open.pop() {
        let found = needs.get(&id).into_iter().flatten();
        open.extend(
            found
                .filter(|need| executed.insert((*need).clone()))
                .cloned(),
        );
    }
    executed
}

fn list_nodes<'a>(schema: &'a Schema, serials: &HashMap<&str, &Sequence>) -> Vec<DumpNode<'a>> {
    let sequences = schema
        .sequences
        .iter()
        .filter(|sequence| !serials.contains_key(sequence.name.sql.as_str()));
    let mut nodes: Vec<DumpNode<'_>> = schema.enums.iter().map(DumpNode::Enum).collect();
    nodes.extend(schema.composites.iter().map(DumpNode::Composite));
    nodes.extend(schema.domains.iter().map(DumpNode::Domain));
    nodes.extend(sequences.map(DumpNode::Sequence));
    nodes.extend(schema.functions.iter().map(DumpNode::Function));
    nodes.extend(schema.tables.iter().map(DumpNode::Table));
    nodes.extend(schema.views.iter().map(DumpNode::View));
    let statements = schema.statements.iter();
    let statements = statements.filter(|statement| !is_written_last(statement.kind));
    nodes.extend(statements.map(DumpNode::Statement));
    nodes
}

/// Kinds that nothing needs and that look at, or would fire for, all the rest.
fn is_written_last(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::Publication | StatementKind::EventTrigger
    )
}

/// Sequences that are as `serial` creates them.
fn find_serials(schema: &Schema) -> HashMap<&str, &Sequence> {
    let serial = |sequence: &&Sequence| -> Option<()> {
        let owned = sequence.owned_by.as_ref()?;
        let table = schema
            .tables
            .iter()
            .find(|table| table.name.sql == owned.table)?;
        let column = table
            .columns
            .iter()
            .find(|column| column.sql == owned.column)?;
        // As Postgres deparses it with the search path of this file.
        let default = format!("nextval({}::regclass)", quote_literal(&sequence.name.sql));
        // Everything that `serial` would choose has to be so; otherwise the word would change it.
        let same = owned.named_as_serial
            && sequence.options.is_empty()
            && sequence.unlogged == table.unlogged
            && sequence.data_type == column.data_type
            && column.not_null
            && column.default.as_ref() == Some(&default);
        same.then_some(())
    };
    let serials = schema
        .sequences
        .iter()
        .filter(|sequence| serial(sequence).is_some());
    serials
        .map(|sequence| (sequence.name.sql.as_str(), sequence))
        .collect()
}

/// The nodes that must precede the node, itself left out and `serial` sequences counted as their table.
fn list_needs(node: &DumpNode<'_>, serials: &HashMap<&str, &Sequence>) -> Vec<ObjectId> {
    // A sequence names the table that owns it as a need, though only the ownership waits for it.
    if let DumpNode::Sequence(_) = node {
        return Vec::new();
    }
    let (_, _, attached) = parts(node);
    let mut needs = attached.needs.clone();
    if let DumpNode::Table(table) = node {
        let generated = table
            .columns
            .iter()
            .filter(|column| column.generated.is_some());
        needs.extend(generated.flat_map(|column| column.default_needs.iter().cloned()));
    }
    for need in &mut needs {
        let serial = (need.kind == ObjectKind::Relation)
            .then(|| serials.get(need.sql.as_str()))
            .flatten();
        if let Some(owned) = serial.and_then(|sequence| sequence.owned_by.as_ref()) {
            *need = ObjectId::relation(owned.table.as_str());
        }
    }
    // By the key and not by the name: statistics may have the name of their table.
    needs.retain(|need| *need != key(node));
    needs
}

/// Tables, views and `serial` sequences, and whatever reaches one of them by its needs.
fn find_late(
    nodes: &[DumpNode<'_>],
    needs: &HashMap<ObjectId, Vec<ObjectId>>,
    serials: &HashMap<&str, &Sequence>,
) -> HashSet<ObjectId> {
    let relations = nodes
        .iter()
        .filter(|node| matches!(node, DumpNode::Table(_) | DumpNode::View(_)))
        .map(key);
    let mut late: HashSet<ObjectId> = relations.collect();
    late.extend(serials.keys().copied().map(ObjectId::relation));
    // The transitive closure: each round adds the objects that need one of the last.
    loop {
        let reached = |(key, needs): &(&ObjectId, &Vec<ObjectId>)| {
            !late.contains(*key) && needs.iter().any(|need| late.contains(need))
        };
        let more: Vec<ObjectId> = needs
            .iter()
            .filter(reached)
            .map(|(key, _)| key.clone())
            .collect();
        if more.is_empty() {
            return late;
        }
        late.extend(more);
    }
}

/// A node's place if nothing else decides: early ones, tables, then objects that need tables.
fn rank_node<'a>(node: &DumpNode<'a>, late: &HashSet<ObjectId>) -> (u8, Section, &'a Name) {
    let phase = match section(node) {
        Section::Tables => 1,
        Section::MaterializedViews => 3,
        _ if late.contains(&key(node)) => 2,
        _ => 0,
    };
    (phase, section(node), parts(node).1)
}

/// Nodes in the order of the file, and the views among them that are created twice.
struct SortedNodes<'a> {
    nodes: Vec<DumpNode<'a>>,
    stubs: HashSet<ObjectId>,
}

/// Kahn's algorithm; of the nodes that may come next, the one of the lowest rank.
fn sort_nodes<'a>(
    nodes: &[DumpNode<'a>],
    needs: &HashMap<ObjectId, Vec<ObjectId>>,
    late: &HashSet<ObjectId>,
) -> SortedNodes<'a> {
    let keys: Vec<ObjectId> = nodes.iter().map(key).collect();
    let places: HashMap<&ObjectId, usize> = (0..nodes.len())
        .map(|place| (&keys[place], place))
        .collect();
    let mut waiting: Vec<usize> = vec![0; nodes.len()];
    let mut waiters: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (place, key) in keys.iter().enumerate() {
        let needed = needs[key].iter().filter_map(|need| places.get(need));
        let needed: HashSet<usize> = needed.copied().collect();
        waiting[place] = needed.len();
        for needed in needed {
            waiters[needed].push(place);
        }
    }
    // The place decides between equal ranks, so that the order never depends on a hash.
    let ranked = |place: usize| Reverse((rank_node(&nodes[place], late), place));
    let mut ready: BinaryHeap<_> = (0..nodes.len())
        .filter(|place| waiting[*place] == 0)
        .map(ranked)
        .collect();
    let mut order = Vec::with_capacity(nodes.len());
    let mut stubs = HashSet::new();
    loop {
        while let Some(Reverse((_, done))) = ready.pop() {
            order.push(nodes[done]);
            for place in &waiters[done] {
                // A node that broke a circle came before this need.
                if waiting[*place] > 0 {
                    waiting[*place] -= 1;
                    if waiting[*place] == 0 {
                        ready.push(ranked(*place));
                    }
                }
            }
        }
        let in_circle = circles::list_in_circles(&waiting, &waiters).into_iter();
        let first = in_circle.min_by_key(|place| {
            let Reverse(rank) = ranked(*place);
            (!circles::can_be_stub(&nodes[*place]), rank)
        });
        let Some(first) = first else {
            let nodes = order;
            return SortedNodes { nodes, stubs };
        };
        stubs.insert(keys[first].clone());
        waiting[first] = 0;
        ready.push(ranked(first));
    }
}
