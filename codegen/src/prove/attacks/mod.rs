//! The attacks of one identity on every object of the schema and on every query.
//!
//! ```text
//! relations  tables and views, with the privileges of the role     reads, writes  attacks on each
//! arguments  values for parameters: own, foreign, wildcards        queries, functions
//! sequences  values that count all tenants' rows                   surroundings   statistics and large objects
//! ```
//! Each attack is a [`Probe`]: plain SQL, which a person can repeat.

mod arguments;
mod copies;
mod functions;
mod queries;
mod reads;
mod relations;
mod sequences;
mod surroundings;
mod writes;

pub(super) use copies::run_copies;
pub(super) use surroundings::{CREATABLE, LARGE_OBJECT};

use super::identities::{Reach, ScopeIdentity};
use super::probe::Probe;
use super::rows::{Filled, InsertValue, StoredRow, World};
use super::tenants::{ProvedScope, TableId, Tenants};
use crate::query::Finished;
use crate::report::Failure;
use crate::report::source::Span;
use crate::schema::Schema;
use functions::{Callable, read_functions};
use relations::{AttackedRelation, read_relations};
use sqlx::PgConnection;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything that a role may try to use.
#[derive(Debug)]
pub(super) struct Targets<'s> {
    relations: Vec<AttackedRelation<'s>>,
    functions: Vec<Callable>,
    sequences: Vec<String>,
    /// The queries that the scope may run.
    queries: Vec<&'s Finished>,
}

/// Which objects are attacked.
#[derive(Clone, Debug, Default)]
pub struct Focus {
    /// Their names in reports, `table notes`; everything if empty.
    pub objects: Vec<String>,
    /// Whether the first leak is enough, so that the attacks end with it.
    pub first_leak: bool,
}

impl Focus {
    fn includes(&self, object: &str) -> bool {
        self.objects.is_empty() || self.objects.iter().any(|named| named == object)
    }
}

/// Reads the targets of a scope.
pub(super) async fn read_targets<'s>(
    connection: &mut PgConnection,
    schema: &'s Schema,
    tenants: &Tenants<'_>,
    scope: &ProvedScope,
    queries: &'s [Arc<Finished>],
) -> Result<Targets<'s>, Failure> {
    let role = scope.role.as_deref();
    let failed = || Failure::connection("reading the privileges");
    let relations = read_relations(connection, schema, tenants, role)
        .await
        .map_err(failed())?;
    let functions = read_functions(connection, role).await.map_err(failed())?;
    let allowed = |query: &&'s Finished| {
        query
            .scopes
            .iter()
            .any(|verdict| verdict.scope == scope.name && verdict.allowed)
    };
    Ok(Targets {
        relations,
        functions,
        sequences: schema
            .sequences
            .iter()
            .map(|sequence| sequence.name.sql.clone())
            .collect(),
        queries: queries.iter().map(AsRef::as_ref).filter(allowed).collect(),
    })
}

impl Targets<'_> {
    /// The tables that the role may read, or a column of them.
    pub(super) fn read_tables(&self) -> BTreeSet<TableId> {
        let read = self
            .relations
            .iter()
            .filter(|relation| !relation.readable().is_empty());
        read.filter_map(|relation| relation.table).collect()
    }

    /// The name of a query in its file.
    pub(super) fn find_location(&self, object: &str) -> Option<Span> {
        let found = self
            .queries
            .iter()
            .find(|query| queries::object_of(query) == object);
        found.map(|query| query.query.name_span.clone())
    }

    /// The names of all objects, in the order of the report.
    pub(super) fn objects(&self) -> Vec<String> {
        let relations = self.relations.iter().map(AttackedRelation::object);
        let functions = self.functions.iter().map(Callable::object);
        let sequences = self.sequences.iter().map(|name| format!("sequence {name}"));
        let queries = self.queries.iter().map(|query| queries::object_of(query));
        relations
            .chain(functions)
            .chain(sequences)
            .chain(queries)
            .collect()
    }
}

/// One identity in front of the stored rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttackStage<'a> {
    pub(super) tenants: &'a Tenants<'a>,
    pub(super) rows: &'a [StoredRow],
    pub(super) filled: &'a Filled,
    pub(super) identity: &'a ScopeIdentity,
    /// A member of the other tenant, who used the connection before.
    pub(super) other: Option<&'a ScopeIdentity>,
    /// The tables that the role may read, or a column of them.
    pub(super) read_tables: &'a BTreeSet<TableId>,
}

/// The attacks of an identity.
pub(super) fn list_probes(
    stage: &AttackStage<'_>,
    targets: &Targets<'_>,
    reach: Reach,
    focus: &Focus,
) -> Vec<Probe> {
    let mut probes = Vec::new();
    for relation in &targets.relations {
        probes.extend(reads::list_reads(stage, relation, reach));
        if relation.kind != "materialized view" {
            probes.extend(writes::list_writes(stage, relation, reach));
        }
    }
    for query in &targets.queries {
        probes.extend(queries::list_calls(stage, query, &targets.functions, reach));
    }
    for function in &targets.functions {
        probes.extend(functions::list_calls(stage, function, reach));
    }
    if reach == Reach::Everything {
        for sequence in &targets.sequences {
            probes.extend(sequences::list_uses(sequence));
        }
        probes.extend(surroundings::list_reads(stage, targets));
    }
    probes.retain(|probe| focus.includes(&probe.object));
    probes
}

fn read_probe(object: &str, operation: &'static str, statement: String) -> Probe {
    Probe {
        object: object.to_owned(),
        operation,
        statement,
        with_rows: true,
        before: Vec::new(),
        is_watched: false,
        is_vague: false,
    }
}

fn write_probe(object: &str, operation: &'static str, statement: String, with_rows: bool) -> Probe {
    Probe {
        with_rows,
        is_watched: true,
        ..read_probe(object, operation, statement)
    }
}

impl AttackStage<'_> {
    /// The table that a relation's rows are like: itself, or of a view the first table with all its columns.
    fn base_table(&self, relation: &AttackedRelation<'_>) -> Option<TableId> {
        relation.table.or_else(|| {
            let has_all = |table: &Vec<&str>| {
                relation
                    .columns
                    .iter()
                    .all(|column| table.contains(&column.name.as_str()))
            };
            let tables = self.tenants.tables.iter().map(|table| {
                let columns = table.table.columns.iter();
                columns.map(|column| column.name.as_str()).collect()
            });
            tables.into_iter().position(|table| has_all(&table))
        })
    }

    /// A row of the other tenant, or else one that the identity should not see.
    fn foreign_row(&self, relation: &AttackedRelation<'_>) -> Option<&StoredRow> {
        let table = self.base_table(relation)?;
        let key = self.tenants.tables[table].table.primary_key();
        let columns = key.map(|key| self.tenants.tables[table].table.columns_at(&key.columns))?;
        let named = |name: &String| relation.columns.iter().any(|column| column.name == *name);
        if !columns.iter().all(|column| named(&column.name)) {
            return None;
        }
        self.foreign_rows(table).into_iter().next()
    }

    fn foreign_rows(&self, table: TableId) -> Vec<&StoredRow> {
        let foreign =
            |row: &&StoredRow| row.table == table && self.identity.is_foreign(self.tenants, row);
        let mut rows: Vec<&StoredRow> = self.rows.iter().filter(foreign).collect();
        rows.sort_by_key(|row| row.world != World::B);
        rows
    }

    /// Rows that the identity should see, its user's first.
    fn own_rows(&self, table: TableId) -> Vec<&StoredRow> {
        let own =
            |row: &&StoredRow| row.table == table && !self.identity.is_foreign(self.tenants, row);
        let mut rows: Vec<&StoredRow> = self.rows.iter().filter(own).collect();
        let user = self.tenants.user;
        let claimed = user.and_then(|user| self.identity.claim.values[user].as_ref());
        rows.sort_by_key(|row| {
            let values = user.and_then(|user| row.roots.get(&user));
            let is_users = values
                .zip(claimed)
                .is_some_and(|(values, claimed)| values.contains(claimed));
            !is_users
        });
        rows
    }

    fn own_row(&self, relation: &AttackedRelation<'_>) -> Option<&StoredRow> {
        self.own_rows(self.base_table(relation)?).into_iter().next()
    }

    /// Valid rows that are not there, of the tenant or of the other one.
    fn spare_rows(
        &self,
        relation: &AttackedRelation<'_>,
        foreign: bool,
    ) -> Vec<&[(String, InsertValue)]> {
        let table = self.base_table(relation);
        let world = if foreign { World::B } else { World::A };
        let spares = self.filled.spares.iter();
        let own = spares.filter(|spare| Some(spare.table) == table && spare.world == world);
        own.map(|spare| spare.written.as_slice()).collect()
    }
}
