//! One statement of a script with the facts that it needs and those that it provides.

use super::change::Change;
use super::comparison::Comparison;
use super::graph::GraphItem;
use crate::schema::dump::arrays::with_own_types;
use crate::schema::dump::nodes::DumpNode;
use crate::schema::model::{ObjectId, ObjectKind};

/// A state of the database between two statements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum DatabaseFact {
    /// The object of the old schema is dropped, or nothing of the old one is left of it.
    Gone(ObjectId),
    /// The object is as the new schema has it.
    Ready(ObjectId),
    /// The object has none of the dependencies any more that it had in the old schema, or it has another name.
    Free(ObjectId),
    /// The table is logged, or not, as in the new schema.
    Logged(ObjectId),
    /// The rows of the table have the persistence and the access method of the new schema.
    Rewritten(ObjectId),
    /// The table, which was there before, is a partition as in the new schema.
    Attached(ObjectId),
    /// The table has the rows of the one that it is instead of.
    Filled(ObjectId),
}

/// The phases of a script. Dependencies decide first: of the statements whose needs are met, the one of the lowest rank is
/// the next one, so that a script reads the same way every time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Default privileges would add to the grants of objects that the script creates.
    Revoke,
    /// A foreign key keeps keys, columns and tables from being dropped, so it is dropped before all of them.
    DropForeignKey,
    /// A table is on its own before its parent is altered or dropped, or both would happen to it as well.
    Detach,
    /// Indexes, checks, triggers, policies and defaults read columns and call functions.
    DropPart,
    /// Tables and views, and the functions that name their rows.
    DropRelation,
    /// After the views, which may group by a primary key.
    DropKey,
    /// Columns whose type cannot be renamed become text, and generated columns are dropped to be computed once more.
    FreeColumn,
    /// Functions, operators and the like: no relation calls them now.
    DropOther,
    /// The name of a type is free for the new one; columns are of the renamed type until they are converted.
    RenameType,
    /// Schemas, extensions and roles: everything that is created is in one, or belongs to one.
    CreateContainer,
    /// Labels and fields, before a new object uses them.
    AlterType,
    /// New types, functions, tables and views.
    CreateObject,
    /// Columns, once the types and functions that they use are there.
    AlterTable,
    /// No column is of the type any more.
    DropType,
    /// Views may group by them, and foreign keys refer to them.
    CreateKey,
    /// Checks and foreign keys: they read rows, which have their final columns now.
    CreateConstraint,
    /// Indexes, triggers and policies, after the statements that write rows.
    CreatePart,
    /// A partition joins its table with all its columns and keys, which Postgres then matches.
    Attach,
    /// `CLUSTER` and `REPLICA IDENTITY` name an index.
    ChooseIndex,
    /// Grants that objects lose, before a new owner takes over those of the old one.
    RevokeGrant,
    /// A sequence changes its owner with the table whose column owns it.
    AlterOwner,
    /// Comments and grants of objects that stay.
    Attachment,
    /// Default privileges, once no object is created any more.
    Grant,
    /// A schema is empty when the last of its objects is dropped or moved.
    DropContainer,
    /// A publication may be for all tables, and an event trigger would fire for all the statements above.
    CreateLast,
}

/// A statement, or several that belong together.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) change: Change,
    pub(super) rank: Rank,
    pub(super) provides: Vec<DatabaseFact>,
    pub(super) needs: Vec<DatabaseFact>,
    /// Operations on the same part run in the order in which they were planned.
    pub(super) subject: Option<ObjectId>,
}

impl Operation {
    /// A statement that depends on nothing.
    pub(super) fn new(rank: Rank, sql: impl Into<String>) -> Self {
        // Here and not where a statement is written: any of them may hold an expression.
        let sql = with_own_types(sql.into());
        Self {
            change: Change {
                sql,
                ..Change::default()
            },
            rank,
            provides: Vec::new(),
            needs: Vec::new(),
            subject: None,
        }
    }

    /// A risk that a person should know before it runs.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.change.note = Some(note.into());
        self
    }

    /// The rows or values that are lost.
    pub(super) fn loses(mut self, lost: impl Into<String>) -> Self {
        self.change.loses = Some(lost.into());
        self
    }

    pub(super) fn provides(mut self, facts: impl IntoIterator<Item = DatabaseFact>) -> Self {
        self.provides.extend(facts);
        self
    }

    pub(super) fn needs(mut self, facts: impl IntoIterator<Item = DatabaseFact>) -> Self {
        self.needs.extend(facts);
        self
    }

    /// Needs these objects, as the graph of the new schema lists them.
    pub(super) fn needs_objects(self, ids: &[ObjectId]) -> Self {
        self.needs(ids.iter().cloned().map(DatabaseFact::Ready))
    }

    /// The part that it changes, one step of several.
    pub(super) fn on(mut self, subject: ObjectId) -> Self {
        self.subject = Some(subject);
        self
    }

    /// Drops objects or parts of the old schema, once everything that depends on them is dropped or depends on others.
    pub(super) fn drops(self, comparison: &Comparison<'_>, ids: &[ObjectId]) -> Self {
        let dropped = with_parts(ids, |id| comparison.before.parts(id));
        let dependents = dropped
            .iter()
            .flat_map(|id| comparison.before.dependents(id));
        let outside = dependents.filter(|id| !dropped.contains(id));
        let needs = outside.flat_map(|id| {
            [
                DatabaseFact::Gone(id.clone()),
                DatabaseFact::Free(id.clone()),
            ]
        });
        let needs: Vec<DatabaseFact> = needs.collect();
        self.needs(needs)
            .provides(dropped.into_iter().map(DatabaseFact::Gone))
    }

    /// Creates objects or parts of the new schema, once everything that they depend on is there and their names are free.
    pub(super) fn creates(self, comparison: &Comparison<'_>, ids: &[ObjectId]) -> Self {
        let created = with_parts(ids, |id| comparison.after.parts(id));
        self.creates_only(comparison, created)
    }

    /// [`Operation::creates`] without the parts of the objects.
    pub(super) fn creates_only(self, comparison: &Comparison<'_>, created: Vec<ObjectId>) -> Self {
        let mut needs = Vec::new();
        for id in &created {
            let depends_on = comparison.after.needs(id).iter();
            let outside = depends_on.filter(|need| !created.contains(need));
            needs.extend(outside.cloned().map(DatabaseFact::Ready));
            match rebuilt_owner(comparison, id) {
                Some(table) => needs.push(DatabaseFact::Free(table)),
                None if is_renamed(comparison, id) => needs.push(DatabaseFact::Free(id.clone())),
                None => {
                    needs.push(DatabaseFact::Gone(id.clone()));
                    // The row type of a table has its name, so a type and a relation take the place
                    // of each other.
                    needs.extend(find_namesake(id).map(DatabaseFact::Gone));
                }
            }
        }
        self.needs(needs)
            .provides(created.into_iter().map(DatabaseFact::Ready))
    }
}

/// A type that is recreated makes room by another name.
pub(super) fn is_renamed(comparison: &Comparison<'_>, id: &ObjectId) -> bool {
    let is_type = |item: &GraphItem<'_>| match item {
        GraphItem::Object(node) => matches!(
            node,
            DumpNode::Enum(_) | DumpNode::Composite(_) | DumpNode::Domain(_)
        ),
        _ => false,
    };
    let (before, after) = (&comparison.before.items, &comparison.after.items);
    comparison.fates.is_gone(id)
        && before.get(id).is_some_and(is_type)
        && after.get(id).is_some_and(is_type)
}

/// The table of whose name only the new one makes use: the old one is renamed. Indexes share the names of tables and are
/// dropped.
fn rebuilt_owner(comparison: &Comparison<'_>, id: &ObjectId) -> Option<ObjectId> {
    let is_index = matches!(
        comparison.before.items.get(id),
        Some(GraphItem::Index(_) | GraphItem::KeyIndex)
    );
    let table = comparison.after.owner(id).unwrap_or(id);
    let is_rebuilt = table.kind == ObjectKind::Relation && comparison.is_rebuilt(&table.sql);
    (is_rebuilt && !is_index).then(|| table.clone())
}

/// A table brings a type of its name, and no type can have the name of another table.
fn find_namesake(id: &ObjectId) -> Option<ObjectId> {
    let kind = match id.kind {
        ObjectKind::Relation => ObjectKind::Type,
        ObjectKind::Type => ObjectKind::Relation,
        _ => return None,
    };
    Some(ObjectId::new(kind, id.sql.as_str()))
}

fn with_parts<'a>(ids: &[ObjectId], parts: impl Fn(&ObjectId) -> &'a [ObjectId]) -> Vec<ObjectId> {
    let mut all: Vec<ObjectId> = Vec::new();
    for id in ids {
        all.push(id.clone());
        all.extend(parts(id).iter().cloned());
    }
    all
}
