//! A checked project → its queries as tools know them.

use super::inputs::{Input, list_inputs};
use super::rows::RowLayout;
use super::statics::{RuntimeQuery, leak_query};
use crate::scope::AgentScope;
use crate::values::ValueType;
use std::sync::Arc;
use xact_codegen::query::{Command, Finished};
use xact_codegen::rust::write_wire_queries;
use xact_codegen::workspace::CheckedProject;

/// A query that is a tool.
pub(crate) struct KnownQuery {
    pub(crate) name: &'static str,
    /// The comment above it.
    pub(crate) docs: Vec<String>,
    pub(crate) command: Command,
    /// Whether it may write, as far as that is known.
    pub(crate) writes: bool,
    /// Whether the server lets it write.
    pub(crate) may_write: bool,
    pub(crate) inputs: Vec<Input>,
    /// The type of each parameter.
    pub(crate) parameters: Vec<ValueType>,
    pub(crate) layout: RowLayout,
    pub(crate) runtime: RuntimeQuery,
    pub(crate) finished: Arc<Finished>,
    /// The types of the values that a statement takes of each element, if it takes a slice.
    pub(crate) bulk_types: Vec<ValueType>,
}

impl KnownQuery {
    /// How many statements a connection keeps prepared for it.
    pub(crate) fn count_statements(&self) -> usize {
        self.finished.count_statements()
    }
}

/// The queries that `wanted` selects. Their data stays in memory until the process ends.
pub(crate) fn know_queries(
    checked: &CheckedProject,
    scope: &AgentScope,
    wanted: impl Fn(&Finished) -> Option<Access>,
) -> Vec<KnownQuery> {
    let CheckedProject {
        project,
        schema,
        types,
        queries,
        ..
    } = checked;
    let selected: Vec<(Arc<Finished>, Access)> = queries
        .iter()
        .filter_map(|query| Some((Arc::clone(query), wanted(query)?)))
        .collect();
    let chosen: Vec<Arc<Finished>> = selected.iter().map(|(query, _)| query.clone()).collect();
    let wire = write_wire_queries(project, schema, types, &chosen);
    let known = selected
        .into_iter()
        .zip(wire)
        .map(|((query, access), wire)| {
            let of_oid = |oid: u32| ValueType::of_oid(oid, types);
            let parameters = query.parameters.iter();
            let bulk = query.bulk.iter().flat_map(|bulk| &bulk.values);
            let runtime = leak_query(wire);
            KnownQuery {
                name: runtime.query.name,
                docs: query.query.docs.clone(),
                command: query.query.command,
                writes: access != Access::Reads,
                may_write: access == Access::MayWrite,
                inputs: list_inputs(&query, checked, scope),
                parameters: parameters.map(|found| of_oid(found.type_oid)).collect(),
                layout: RowLayout::new(&query, types),
                bulk_types: bulk.map(|value| of_oid(value.type_oid)).collect(),
                runtime,
                finished: query,
            }
        });
    known.collect()
}

/// Whether a query writes, and whether it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It writes to no table.
    Reads,
    /// It writes, and the server was told to let it.
    MayWrite,
}

/// Whether a query writes to a table; one that Postgres does not analyse is taken for one that does.
pub(crate) fn writes_table(query: &Finished) -> bool {
    let tables = query.tables.as_ref();
    tables.is_none_or(|tables| !tables.writes.is_empty())
}
