//! The tables and views that a query names: those it reads, those it writes, and the privileges
//! that takes.

use super::catalog::Catalog;
use super::tree::{self, Permission, QueryTree, RelationKind, StatementTree};
use std::collections::BTreeSet;

/// The relations that a query reads and writes. A view is itself, not the tables below it.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The relations it reads, sorted, as SQL names them.
    pub reads: Vec<String>,
    /// The relations it writes to, sorted.
    pub writes: Vec<String>,
    /// The privileges that a role needs for it.
    pub privileges: Vec<Privilege>,
}

/// A privilege on a relation that a query needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// The relation's OID.
    pub relation: u32,
    /// As GRANT spells it.
    pub kind: &'static str,
    /// The numbers of the columns; none means any column, and 0 all of them.
    pub columns: Vec<i16>,
}

/// The name in ON CONFLICT of the row that was not inserted: the same table, not read.
const EXCLUDED: &str = "excluded";

/// The tables of one query.
pub(super) fn of(query: &QueryTree, catalog: &Catalog) -> Tables {
    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    let mut privileges = Vec::new();
    tree::every_query(query, &mut |query| {
        for (index, relation) in query.relations.iter().enumerate() {
            let RelationKind::Table { oid, .. } = relation.kind else {
                continue;
            };
            let Some(table) = catalog.tables.get(&oid) else {
                continue;
            };
            if query.statement != StatementTree::Select && query.result_relation == index + 1 {
                writes.insert(table.sql_name.clone());
            } else if query.statement != StatementTree::Insert || relation.name != EXCLUDED {
                reads.insert(table.sql_name.clone());
            }
        }
        // Of each query by itself: Postgres checks the entries of subqueries as well.
        privileges.extend(query.permissions.iter().map(privilege));
    });
    Tables {
        reads: reads.into_iter().collect(),
        writes: writes.into_iter().collect(),
        privileges,
    }
}

fn privilege(permission: &Permission) -> Privilege {
    Privilege {
        relation: permission.relation,
        kind: permission.privilege,
        columns: permission.columns.clone(),
    }
}
