//! The permissions that a query needs: relation, privilege and columns, as the planner will check it.

use super::node::{Node, Tagged};

/// The privilege that one query needs on one relation and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    pub(crate) relation: u32,
    /// As GRANT spells it.
    pub(crate) privilege: &'static str,
    /// Column numbers; none means that any column will do, and 0 all of them.
    pub(crate) columns: Vec<i16>,
}

/// Bits of Postgres's `AclMode`, with the field that lists the columns; DELETE has no columns.
const PRIVILEGES: &[(u32, &str, &str)] = &[
    (1, "INSERT", "insertedCols"),
    (2, "SELECT", "selectedCols"),
    (4, "UPDATE", "updatedCols"),
    (8, "DELETE", ""),
];

/// Column 0 is at this place of a set, for system columns have negative numbers
/// (`FirstLowInvalidHeapAttributeNumber`).
const COLUMN_ZERO: i16 = 7;

/// The privilege of this name, if a query can need it.
pub(crate) fn find_privilege(name: &str) -> Option<&'static str> {
    let mut names = PRIVILEGES.iter().map(|(_, privilege, _)| *privilege);
    names.find(|privilege| *privilege == name)
}

/// The permissions of a query: in a list of their own (16), or in the range table.
pub(super) fn convert(query: &Tagged) -> Vec<Permission> {
    let own = query.list("rteperminfos");
    let entries = if own.is_empty() {
        query.list("rtable")
    } else {
        own
    };
    entries.iter().flat_map(of_entry).collect()
}

fn of_entry(node: &Node) -> Vec<Permission> {
    let Node::Tagged(entry) = node else {
        return Vec::new();
    };
    let (Some(relation), Some(required)) =
        (entry.number("relid"), entry.number::<u32>("requiredPerms"))
    else {
        return Vec::new();
    };
    let needed = PRIVILEGES.iter().filter(|(bit, ..)| required & bit != 0);
    let permission = |(_, privilege, field): &(u32, &'static str, &str)| Permission {
        relation,
        privilege,
        columns: columns(entry.list(field)),
    };
    needed.map(permission).collect()
}

/// `(b 8 9)`: the columns 1 and 2.
fn columns(set: &[Node]) -> Vec<i16> {
    let numbers = set.iter().filter_map(|node| node.text()?.parse().ok());
    numbers
        .map(|number: i16| number - COLUMN_ZERO)
        // System columns need SELECT as well, but GRANT cannot name them, so they help in no
        // message.
        .filter(|column| *column >= 0)
        .collect()
}
