//! The objects of a schema by their names, and the operations that create them.
//!
//! A schema is taken apart without `..`: a new kind of object does not compile here until it is compared.

use super::comparison::{Comparison, find_table};
use super::ids::{
    constraint_id, default_id, index_id, policy_id, row_type_id, table_id, trigger_id,
};
use super::new_partitions::{PartsApart, nest_checks};
use super::operation::{DatabaseFact, Operation, Rank};
use super::parts::{create_index, create_policy, create_trigger};
use super::plan::Plan;
use super::replaced::{describe_stale_values, replaced_function, replaced_view};
use super::stored_rows::list_rewritten;
use super::{columns, constraints};
use crate::schema::dump::DumpWriter;
use crate::schema::dump::nodes::{DumpNode, key, parts};
use crate::schema::dump::statements::kind_word as statement_word;
use crate::schema::model::{
    Attached, Column, FunctionKind, Name, Namespace, ObjectId, Schema, Sequence, StatementKind,
    Table, Trigger, ViewKind,
};
use std::collections::BTreeMap;

/// All objects with a block of their own, by key: `relation notes`, `function f(text)`.
pub(super) struct Objects<'a> {
    pub(super) by_key: BTreeMap<ObjectId, DumpNode<'a>>,
}

impl<'a> Objects<'a> {
    pub(super) fn of(schema: &'a Schema) -> Self {
        let Schema {
            enums,
            composites,
            domains,
            sequences,
            functions,
            tables,
            views,
            statements,
            // No object depends on these: `containers.rs` and `privileges.rs` compare them.
            database: _,
            roles: _,
            schemas: _,
            extensions: _,
            foreign_grants: _,
            default_privileges: _,
            // They come and go with those that they are copies of.
            copied_constraints: _,
        } = schema;
        let nodes = enums.iter().map(DumpNode::Enum);
        let nodes = nodes.chain(composites.iter().map(DumpNode::Composite));
        let nodes = nodes.chain(domains.iter().map(DumpNode::Domain));
        let nodes = nodes.chain(sequences.iter().map(DumpNode::Sequence));
        let nodes = nodes.chain(functions.iter().map(DumpNode::Function));
        let nodes = nodes.chain(tables.iter().map(DumpNode::Table));
        let nodes = nodes.chain(views.iter().map(DumpNode::View));
        let nodes = nodes.chain(statements.iter().map(DumpNode::Statement));
        let by_key = nodes.map(|node| (key(&node), node)).collect();
        Self { by_key }
    }
}

/// Creates or replaces the objects of the new schema that are not there, or cannot stay.
pub(super) fn create_objects(plan: &mut Plan, comparison: &Comparison<'_>) {
    let schema = without_foreign_keys(comparison);
    let writer = DumpWriter::of(&schema, comparison.new);
    let statements = schema.statements.iter();
    let last = statements.filter(|item| is_created_last(item.kind));
    let nodes = writer.nodes().iter().copied();
    for node in nodes.chain(last.map(DumpNode::Statement)) {
        if comparison.comes(&key(&node)) {
            match node {
                DumpNode::Table(table) => create_table(plan, comparison, &writer, table),
                node => create_object(plan, comparison, &writer, &node),
            }
        }
    }
}

/// Whether the object covers every other object, or would fire for every later statement.
fn is_created_last(kind: StatementKind) -> bool {
    matches!(
        kind,
        StatementKind::Publication | StatementKind::EventTrigger
    )
}

/// The new schema as its objects are created: foreign keys come when all keys are there, and a sequence that is there already
/// is none that `serial` makes.
fn without_foreign_keys(comparison: &Comparison<'_>) -> Schema {
    let mut schema = comparison.new.clone();
    for table in &mut schema.tables {
        table
            .constraints
            .retain(|constraint| constraint.references.is_none());
    }
    for sequence in &mut schema.sequences {
        let comes = comparison.comes(&ObjectId::relation(sequence.name.sql.as_str()));
        if let Some(owned) = &mut sequence.owned_by {
            let has_new_table = comparison.comes(&ObjectId::relation(owned.table.as_str()));
            owned.named_as_serial &= comes && has_new_table;
        }
    }
    schema
}

fn create_object(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    writer: &DumpWriter<'_>,
    node: &DumpNode<'_>,
) {
    let id = key(node);
    let is_replaced = comparison.fates.is_replaced(&id);
    let (sql, late) = match node {
        DumpNode::Function(item) if is_replaced => {
            writer.write(&DumpNode::Function(&replaced_function(item)), true)
        }
        DumpNode::View(item) if is_replaced => {
            writer.write(&DumpNode::View(&replaced_view(item)), true)
        }
        node => writer.write(node, false),
    };
    let rank = match node {
        DumpNode::Statement(item) if is_created_last(item.kind) => Rank::CreateLast,
        _ => Rank::CreateObject,
    };
    let mut operation = Operation::new(rank, sql).creates(comparison, std::slice::from_ref(&id));
    operation.change.note = describe_stale_values(comparison, &id);
    if let DumpNode::View(view) = node {
        operation = operation.needs(list_rewritten(comparison, view));
    }
    plan.add(operation);
    for sql in late {
        let after = DatabaseFact::Ready(id.clone());
        plan.add(Operation::new(Rank::CreatePart, sql).needs([after]));
    }
}

/// `CREATE TABLE` with the parts that need no other table; the others are operations of their own.
fn create_table(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    writer: &DumpWriter<'_>,
    table: &Table,
) {
    let waits = |needs: &[ObjectId]| writer.must_wait(&table.name.sql, needs);
    let is_late = |attached: &Attached| waits(&attached.needs);
    let mut now = table.clone();
    let sequences = serial_sequences(comparison, writer, table);
    let is_own = |need: &&ObjectId| sequences.iter().any(|item| item.name.sql == need.sql);
    let sets_later = |column: &Column| {
        let others = column.default_needs.iter().filter(|need| !is_own(need));
        let others: Vec<ObjectId> = others.cloned().collect();
        column.default.is_some() && !column.inherited && waits(&others)
    };
    for column in now.columns.iter_mut().filter(|column| sets_later(column)) {
        column.default = None;
    }
    now.constraints.retain(|item| !is_late(&item.attached));
    now.indexes.retain(|item| !is_late(&item.attached));
    let fires_later =
        |item: &Trigger| comparison.is_rebuilt(&table.name.sql) || is_late(&item.attached);
    now.triggers.retain(|item| !fires_later(item));
    now.policies.retain(|item| !is_late(&item.attached));
    let apart = PartsApart::of(comparison, table);
    nest_checks(comparison, &mut now);
    apart.remove_from(&mut now);
    let mut created = ids_of(comparison, table, &now);
    created.extend(
        sequences
            .iter()
            .map(|item| ObjectId::relation(item.name.sql.as_str())),
    );
    let (sql, late) = writer.write(&DumpNode::Table(&now), false);
    let create = Operation::new(rank_of(comparison, table), sql).creates_only(comparison, created);
    plan.add(create.needs(parents_are_ready(comparison, table)));
    for sql in late {
        let after = DatabaseFact::Ready(table_id(table));
        plan.add(Operation::new(Rank::Attachment, sql).needs([after]));
    }
    apart.create(plan, comparison, table);
    create_late_indexes(plan, comparison, (table, &apart), is_late);
    for column in table.columns.iter().filter(|column| sets_later(column)) {
        columns::set_default(plan, comparison, table, column);
    }
    for item in table.triggers.iter().filter(|item| fires_later(item)) {
        create_trigger(plan, comparison, table, item);
    }
    for item in table.policies.iter().filter(|item| is_late(&item.attached)) {
        create_policy(plan, comparison, table, item);
    }
}

/// Creates the constraints and indexes that need other tables, except those that have operations of their own already.
fn create_late_indexes(
    plan: &mut Plan,
    comparison: &Comparison<'_>,
    (table, apart): (&Table, &PartsApart<'_>),
    is_late: impl Fn(&Attached) -> bool,
) {
    let mut rest = table.clone();
    apart.remove_from(&mut rest);
    let constraints = rest.constraints.iter();
    for item in constraints.filter(|item| is_late(&item.attached)) {
        constraints::add_constraint(plan, comparison, table, item);
    }
    for item in rest.indexes.iter().filter(|item| is_late(&item.attached)) {
        create_index(plan, comparison, table, item);
    }
}

/// A partition of a table that stays is attached by the statements that create it.
fn rank_of(comparison: &Comparison<'_>, table: &Table) -> Rank {
    let parent = table.partition.as_ref().map(|partition| &partition.of);
    let is_kept = |parent: &String| !comparison.comes(&ObjectId::relation(parent.as_str()));
    if parent.is_some_and(is_kept) {
        Rank::Attach
    } else {
        Rank::CreateObject
    }
}

/// The table and those of its parts that its statement creates.
fn ids_of(comparison: &Comparison<'_>, table: &Table, now: &Table) -> Vec<ObjectId> {
    let all = comparison.after.parts(&table_id(table));
    let mut later: Vec<ObjectId> = Vec::new();
    for constraint in &table.constraints {
        if !now
            .constraints
            .iter()
            .any(|other| other.name == constraint.name)
        {
            let id = constraint_id(table, constraint);
            later.extend(comparison.after.parts(&id).iter().cloned());
            later.push(id);
        }
    }
    let foreign = find_table(&comparison.after, &table.name.sql).into_iter();
    let foreign = foreign.flat_map(|table| &table.constraints);
    let foreign = foreign.filter(|constraint| constraint.references.is_some());
    later.extend(foreign.map(|constraint| constraint_id(table, constraint)));
    let is_now = |id: &ObjectId| now.indexes.iter().any(|other| index_id(other) == *id);
    later.extend(table.indexes.iter().map(index_id).filter(|id| !is_now(id)));
    let is_now = |id: &ObjectId| {
        let mut triggers = now.triggers.iter();
        triggers.any(|other| trigger_id(&table.name.sql, other) == *id)
    };
    let triggers = table
        .triggers
        .iter()
        .map(|item| trigger_id(&table.name.sql, item));
    later.extend(triggers.filter(|id| !is_now(id)));
    let is_now = |id: &ObjectId| {
        now.policies
            .iter()
            .any(|other| policy_id(table, other) == *id)
    };
    let policies = table.policies.iter().map(|item| policy_id(table, item));
    later.extend(policies.filter(|id| !is_now(id)));
    let without_default = table.columns.iter().zip(&now.columns);
    let without_default =
        without_default.filter(|(own, now)| own.default.is_some() && now.default.is_none());
    later.extend(without_default.map(|(own, _)| default_id(table, own)));
    let kept = all.iter().filter(|id| !later.contains(id)).cloned();
    std::iter::once(table_id(table)).chain(kept).collect()
}

/// New sequences that the statement of the table creates: those of `serial` columns.
fn serial_sequences<'a>(
    comparison: &Comparison<'a>,
    writer: &DumpWriter<'_>,
    table: &Table,
) -> Vec<&'a Sequence> {
    let sequences = comparison.new.sequences.iter().filter(|sequence| {
        let owned = sequence.owned_by.as_ref();
        owned.is_some_and(|owned| owned.table == table.name.sql) && writer.is_serial(sequence)
    });
    sequences.collect()
}

/// A partition is attached, and a child table takes columns over, once the parent has its new columns and lost its old parts.
fn parents_are_ready(comparison: &Comparison<'_>, table: &Table) -> Vec<DatabaseFact> {
    let mut facts = Vec::new();
    for name in table.parent_names() {
        let gone = comparison.before.parts(&ObjectId::relation(name)).iter();
        facts.extend(gone.cloned().map(DatabaseFact::Gone));
        if let Some(parent) = find_table(&comparison.after, name) {
            facts.push(DatabaseFact::Ready(table_id(parent)));
            facts.push(DatabaseFact::Ready(row_type_id(parent)));
        }
    }
    let owned = comparison.new.sequences.iter();
    let owned = owned.filter(|sequence| {
        let owned = sequence.owned_by.as_ref();
        owned.is_some_and(|owned| owned.table == table.name.sql)
    });
    for sequence in owned {
        let id = ObjectId::relation(sequence.name.sql.as_str());
        facts.extend([DatabaseFact::Ready(id.clone()), DatabaseFact::Free(id)]);
    }
    facts
}

/// Nothing but `public`, if it is there: without it the dump would say that it was dropped.
pub(super) fn only_public(schema: &Schema) -> Schema {
    let public = schema.schemas.iter().find(|schema| schema.name == "public");
    let bare = |schema: &Namespace| Namespace {
        attached: Attached::default(),
        ..schema.clone()
    };
    Schema {
        schemas: public.into_iter().map(bare).collect(),
        ..Schema::default()
    }
}

/// The word by which `DROP`, `COMMENT` and `GRANT` know the kind.
pub(super) fn object_word(node: &DumpNode<'_>) -> &'static str {
    match node {
        DumpNode::Enum(_) | DumpNode::Composite(_) => "TYPE",
        DumpNode::Domain(_) => "DOMAIN",
        DumpNode::Sequence(_) => "SEQUENCE",
        DumpNode::Function(item) if item.kind == FunctionKind::Procedure => "PROCEDURE",
        DumpNode::Function(_) => "FUNCTION",
        DumpNode::Table(item) if item.foreign.is_some() => "FOREIGN TABLE",
        DumpNode::Table(_) => "TABLE",
        DumpNode::View(item) if item.kind == ViewKind::View => "VIEW",
        DumpNode::View(_) => "MATERIALIZED VIEW",
        DumpNode::Statement(item) => statement_word(item.kind),
    }
}

/// The name by which `DROP` and `COMMENT` know it.
pub(super) fn object_name(node: &DumpNode<'_>) -> String {
    let (_, Name { sql, .. }, _) = parts(node);
    match node {
        // An aggregate without arguments is named `(*)` where it is dropped.
        DumpNode::Statement(item) if item.kind == StatementKind::Aggregate => {
            sql.replace("()", "(*)")
        }
        _ => sql.clone(),
    }
}
