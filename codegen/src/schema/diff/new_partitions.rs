//! New partitions of a table that stays and has several equal keys or indexes.
//!
//! ATTACH PARTITION takes the equal ones of the partition in the order in which those of the partitioned table were created
//! (`AttachPartitionEnsureIndexes`). In a new database that is the order of schema.sql; here it is that of the migrations. So the
//! partition is created without them, gets them in this order, and is attached by a statement of its own.

use super::comparison::{Comparison, find_table};
use super::constraints::add_constraint;
use super::family::has_shape_of;
use super::ids::{constraint_id, index_id, row_type_id, table_id};
use super::operation::{DatabaseFact, Operation, Rank};
use super::parts::create_index;
use super::plan::Plan;
use crate::schema::dump::partitions::write_attach;
use crate::schema::model::{Constraint, Index, ObjectId, Table};

/// Writes the checks that the partition shares with its kept table in the form that alone reads as the same expression.
pub(super) fn nest_checks(comparison: &Comparison<'_>, table: &mut Table) {
    let of = table.partition.as_ref().map(|partition| &partition.of);
    let Some((parent, _)) = of.and_then(|of| comparison.kept_table(of)) else {
        return;
    };
    for check in &mut table.constraints {
        let mut others = parent.constraints.iter();
        let shared = others.find(|other| {
            let stays = !comparison.comes(&constraint_id(parent, other));
            stays && other.name == check.name && other.definition == check.definition
        });
        // One operator of a kind has nothing to be nested in.
        let is_nested = |word: &str| check.definition.matches(word).count() > 1;
        let shared = shared.filter(|_| is_nested(" AND ") || is_nested(" OR "));
        if let Some(nested) = shared.and_then(|other| other.nested_definition.as_ref()) {
            check.definition.clone_from(nested);
        }
    }
}

/// A key or an index.
#[derive(Clone, Copy)]
enum EqualPart<'a> {
    Key(&'a Constraint),
    Index(&'a Index),
}

/// The keys and indexes that the partition gets before it is attached and after it, in their order.
#[derive(Default)]
pub(super) struct PartsApart<'a> {
    before: Vec<EqualPart<'a>>,
    after: Vec<EqualPart<'a>>,
}

impl<'a> PartsApart<'a> {
    /// Those of a table; none if it is no new partition, or if the table that it is of has no equal ones.
    pub(super) fn of(comparison: &Comparison<'_>, table: &'a Table) -> Self {
        let of = table.partition.as_ref().map(|partition| &partition.of);
        let parent = of.and_then(|of| comparison.kept_table(of));
        let Some((former, parent)) =
            parent.filter(|(former, _)| !comparison.comes(&table_id(former)))
        else {
            return Self::default();
        };
        let after = &comparison.after;
        let order = list_in_order(comparison, former, parent);
        let is_equal_to = |one: &ObjectId, (other, table): (&ObjectId, &Table)| {
            has_shape_of(after, (one, parent), (other, table))
        };
        let has_twin = |one: &&ObjectId| {
            let mut others = order.iter().filter(|other| other != one);
            others.any(|other| is_equal_to(one, (other, parent)))
        };
        let twins: Vec<&ObjectId> = order.iter().filter(has_twin).collect();
        let mut apart = Self::default();
        let mut places: Vec<(usize, EqualPart<'a>)> = Vec::new();
        for (id, part) in list_parts(table) {
            if !twins.iter().any(|twin| is_equal_to(twin, (&id, table))) {
                continue;
            }
            let of = after.parent_parts.get(&id);
            match of.and_then(|of| order.iter().position(|known| known == of)) {
                Some(place) => places.push((place, part)),
                None => apart.after.push(part),
            }
        }
        places.sort_by_key(|(place, _)| *place);
        apart.before = places.into_iter().map(|(_, part)| part).collect();
        apart
    }

    /// Takes them out of the statement that creates the table.
    pub(super) fn remove_from(&self, table: &mut Table) {
        let all: Vec<EqualPart<'_>> = self.before.iter().chain(&self.after).copied().collect();
        if all.is_empty() {
            return;
        }
        table.partition = None;
        table.constraints.retain(|item| {
            let is_same =
                |part: &EqualPart<'_>| matches!(part, EqualPart::Key(key) if key.name == item.name);
            !all.iter().any(is_same)
        });
        table.indexes.retain(|item| {
            let is_same = |part: &EqualPart<'_>| matches!(part, EqualPart::Index(index) if index.name == item.name);
            !all.iter().any(is_same)
        });
    }

    /// Creates them, and attaches the partition in between.
    pub(super) fn create(&self, plan: &mut Plan, comparison: &Comparison<'_>, table: &Table) {
        let Some(partition) = table.partition.as_ref() else {
            return;
        };
        if self.before.is_empty() && self.after.is_empty() {
            return;
        }
        for part in self.before.iter().chain(&self.after) {
            match part {
                EqualPart::Key(key) => add_constraint(plan, comparison, table, key),
                EqualPart::Index(index) => create_index(plan, comparison, table, index),
            }
        }
        let of = find_table(&comparison.after, &partition.of);
        let sql = write_attach(table, partition, of);
        let needs = self.before.iter().map(|part| match part {
            EqualPart::Key(key) => constraint_id(table, key),
            EqualPart::Index(index) => index_id(index),
        });
        let needs = needs.chain([table_id(table), row_type_id(table)]);
        let needs: Vec<DatabaseFact> = needs.map(DatabaseFact::Ready).collect();
        let attach = Operation::new(Rank::Attach, sql).needs(needs);
        plan.add(attach.provides([DatabaseFact::Attached(table_id(table))]));
    }
}

/// The keys and indexes of a table, by the id of the index.
fn list_parts(table: &Table) -> Vec<(ObjectId, EqualPart<'_>)> {
    let keys = table.constraints.iter().filter_map(|key| {
        let index = key.index.as_ref()?;
        Some((ObjectId::relation(index.sql.as_str()), EqualPart::Key(key)))
    });
    let indexes = table.indexes.iter();
    let indexes = indexes.map(|index| (index_id(index), EqualPart::Index(index)));
    keys.chain(indexes).collect()
}

/// The keys and indexes of a kept table in the order in which they were created: those that stay by their numbers, then the new
/// ones.
fn list_in_order(comparison: &Comparison<'_>, former: &Table, table: &Table) -> Vec<ObjectId> {
    let former = list_parts(former);
    let number = |id: &ObjectId| {
        let stays = former
            .iter()
            .find(|(known, _)| known == id && !comparison.comes(id));
        stays.map(|(_, part)| match part {
            EqualPart::Key(key) => key.oid.0,
            EqualPart::Index(index) => index.oid.0,
        })
    };
    let parts = list_parts(table).into_iter();
    let mut ids: Vec<ObjectId> = parts.map(|(id, _)| id).collect();
    ids.sort_by_key(|id| number(id).unwrap_or(u32::MAX));
    ids
}
