//! The tables and views that a query names: those it reads, those it writes, and the privileges
//! that takes.

use super::catalog::Catalog;
use super::changes::{TableChange, list_changes};
use super::tree::{self, Permission, QueryTree, RelationKind, StatementTree};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;

/// The relations that a query reads and writes. A view is itself, not the tables below it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tables {
    /// The relations it reads, sorted, as SQL names them.
    pub reads: Vec<String>,
    /// The relations it writes to, sorted.
    pub writes: Vec<String>,
    /// The privileges that a role needs for it.
    pub privileges: Vec<Privilege>,
    /// The changes of tables that it makes itself, each once.
    pub(crate) changes: Vec<TableChange>,
}

/// As GRANT spells it. An alias, because serde would borrow a field that is written as a reference from the bytes that it reads.
pub type PrivilegeName = &'static str;

/// A privilege on a relation that a query needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privilege {
    /// The relation's OID.
    pub relation: u32,
    /// As GRANT spells it.
    #[serde(deserialize_with = "deserialize_privilege")]
    pub kind: PrivilegeName,
    /// The numbers of the columns; none means any column, and 0 all of them.
    pub columns: Vec<i16>,
}

/// The word of the tool itself, because a record has only its letters.
fn deserialize_privilege<'de, D: Deserializer<'de>>(source: D) -> Result<PrivilegeName, D::Error> {
    let name = <&str>::deserialize(source)?;
    tree::find_privilege(name).ok_or_else(|| D::Error::custom("no privilege"))
}

/// The name in ON CONFLICT of the row that was not inserted: the same table, not read.
const EXCLUDED: &str = "excluded";

/// The tables of one query.
pub(super) fn of(query: &QueryTree, catalog: &Catalog) -> Tables {
    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    let (mut privileges, mut changes) = (Vec::new(), Vec::new());
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
        for change in list_changes(query, catalog) {
            if !changes.contains(&change) {
                changes.push(change);
            }
        }
    });
    Tables {
        reads: reads.into_iter().collect(),
        writes: writes.into_iter().collect(),
        privileges,
        changes,
    }
}

fn privilege(permission: &Permission) -> Privilege {
    Privilege {
        relation: permission.relation,
        kind: permission.privilege,
        columns: permission.columns.clone(),
    }
}
