//! Owner, grants and comment of an object, as the statements beneath it.

use std::collections::BTreeMap;

use crate::schema::model::{Attached, Column, Grant, PrivilegeChange};
use crate::sql::quote::quote_literal;

/// All that is attached to the object `kind name`; `kind` as `ALTER`, `GRANT` and `COMMENT` spell it.
pub(super) fn attached(kind: &str, name: &str, attached: &Attached) -> String {
    let (owner, grants) = (
        owner(kind, name, attached),
        grants(kind, name, &attached.grants),
    );
    format!("{owner}{grants}{}", comment(kind, name, attached))
}

/// `ALTER … OWNER TO`.
pub(in crate::schema) fn owner(kind: &str, name: &str, attached: &Attached) -> String {
    let owner = attached.owner.as_ref();
    owner
        .map(|owner| format!("ALTER {kind} {name} OWNER TO {owner};\n"))
        .unwrap_or_default()
}

/// `COMMENT ON`.
pub(in crate::schema) fn comment(kind: &str, name: &str, attached: &Attached) -> String {
    let write = |kind: &str, text: &Option<String>| {
        let text = text.as_ref();
        text.map(|text| format!("COMMENT ON {kind} {name} IS {};\n", quote_literal(text)))
    };
    let own = write(kind, &attached.comment).unwrap_or_default();
    own + &write("TYPE", &attached.row_type_comment).unwrap_or_default()
}

/// The object as GRANT names it.
pub(in crate::schema) fn grant_object(kind: &str, name: &str) -> String {
    match kind {
        // GRANT has no word for these.
        "TABLE" | "FOREIGN TABLE" | "VIEW" | "MATERIALIZED VIEW" => name.to_owned(),
        "DOMAIN" => format!("TYPE {name}"),
        "SERVER" => format!("FOREIGN SERVER {name}"),
        // GRANT takes an aggregate for a function, and `*` is no argument list there.
        "AGGREGATE" => format!("FUNCTION {}", name.replace("(*)", "()")),
        kind => format!("{kind} {name}"),
    }
}

/// `GRANT` and `REVOKE` on the object `kind name`.
pub(in crate::schema) fn grants(kind: &str, name: &str, grants: &[Grant]) -> String {
    let object = grant_object(kind, name);
    grants
        .iter()
        .map(|grant| {
            statement(
                grant,
                &grant.privileges.join(", "),
                &format!(" ON {object}"),
            )
        })
        .collect()
}

/// One `GRANT` or `REVOKE`; `object` is empty or starts with a space.
pub(in crate::schema) fn statement(grant: &Grant, privileges: &str, object: &str) -> String {
    let role = &grant.grantee;
    let option = if grant.grantable {
        " WITH GRANT OPTION"
    } else {
        ""
    };
    let sql = match grant.change {
        PrivilegeChange::Grant => format!("GRANT {privileges}{object} TO {role}{option};\n"),
        PrivilegeChange::Revoke => format!("REVOKE {privileges}{object} FROM {role};\n"),
    };
    match &grant.grantor {
        // `GRANTED BY` takes the current role alone.
        Some(grantor) => format!("SET ROLE {grantor};\n{sql}RESET ROLE;\n"),
        None => sql,
    }
}

/// The grants on single columns, one statement for each role.
pub(super) fn column_grants(relation: &str, columns: &[Column]) -> String {
    let grants = columns
        .iter()
        .flat_map(|column| column.attached.grants.iter());
    let mut whose: Vec<&Grant> = grants.collect();
    // Those of the owner come first: it lets the others grant.
    whose.sort_by_key(|grant| (&grant.grantor, &grant.grantee, grant.grantable));
    whose.dedup_by_key(|grant| (&grant.grantor, &grant.grantee, grant.grantable));
    let statements = whose.into_iter().map(|grant| {
        let same = |other: &Grant| {
            let is_of = |grant: &Grant| {
                (
                    grant.grantor.clone(),
                    grant.grantee.clone(),
                    grant.grantable,
                )
            };
            is_of(other) == is_of(grant)
        };
        statement(
            grant,
            &privileges_on_columns(columns, same),
            &format!(" ON {relation}"),
        )
    });
    statements.collect()
}

/// `SELECT (id, title), UPDATE (title)`: the columns of each privilege that a matching grant gives.
fn privileges_on_columns(columns: &[Column], matches: impl Fn(&Grant) -> bool) -> String {
    let mut privileges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for column in columns {
        for grant in column.attached.grants.iter().filter(|grant| matches(grant)) {
            for privilege in &grant.privileges {
                privileges.entry(privilege).or_default().push(&column.sql);
            }
        }
    }
    let privileges = privileges
        .iter()
        .map(|(privilege, names)| format!("{privilege} ({})", names.join(", ")));
    privileges.collect::<Vec<_>>().join(", ")
}
