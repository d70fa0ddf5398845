//! Enum types, composite types, domains and functions, which tables depend on.

use super::attached::{write_attached, write_comment};
use super::circles::{create_empty_function, create_or_replace};
use super::columns::write_columns;
use super::defaults::write_default;
use super::order::DumpOrder;
use super::parts::{Late, own_now_or_later};
use crate::schema::model::{
    Composite, Domain, DomainConstraint, Enum, Function, FunctionKind, ObjectId, ObjectKind,
};
use crate::sql::quote::{clause, quote_literal};

/// `CREATE TYPE … AS ENUM`, one label a line.
pub(super) fn enum_type(item: &Enum) -> String {
    let name = &item.name.sql;
    let labels: Vec<String> = item
        .labels
        .iter()
        .map(|label| format!("\n    {}", quote_literal(label)))
        .collect();
    format!("CREATE TYPE {name} AS ENUM ({}\n);\n", labels.join(","))
        + &write_attached("TYPE", name, &item.attached)
}

/// `CREATE TYPE … AS (…)`.
pub(super) fn write_composite(item: &Composite) -> String {
    let name = &item.name.sql;
    let fields: Vec<String> = write_columns(&item.fields, &[])
        .iter()
        .map(|field| format!("\n    {field}"))
        .collect();
    let comments = item
        .fields
        .iter()
        .map(|field| write_comment("COLUMN", &format!("{name}.{}", field.sql), &field.attached));
    format!("CREATE TYPE {name} AS ({}\n);\n", fields.join(","))
        + &write_attached("TYPE", name, &item.attached)
        + &comments.collect::<String>()
}

/// `CREATE DOMAIN`, one check a line.
pub(super) fn write_domain(item: &Domain) -> String {
    let name = &item.name.sql;
    // CREATE DOMAIN has no NOT VALID: such a check is added beneath.
    let checks = item.constraints.iter().filter(|check| check.valid);
    let checks: Vec<String> = checks
        .map(|check| format!("\n    CONSTRAINT {} {}", check.sql, check.definition))
        .collect();
    let create = [
        "CREATE DOMAIN ",
        name,
        " AS ",
        &item.base,
        &clause(" COLLATE ", item.collation.as_deref()),
        &clause(" CONSTRAINT ", item.not_null_name.as_deref()),
        if item.not_null { " NOT NULL" } else { "" },
        &write_default(item.default.as_deref()),
        &checks.concat(),
        ";\n",
    ];
    let beneath = item
        .constraints
        .iter()
        .map(|check| check_beneath(name, check));
    create.concat() + &beneath.collect::<String>() + &write_attached("DOMAIN", name, &item.attached)
}

fn check_beneath(domain: &str, check: &DomainConstraint) -> String {
    let add = if check.valid {
        String::new()
    } else {
        format!(
            "ALTER DOMAIN {domain} ADD CONSTRAINT {} {};\n",
            check.sql, check.definition
        )
    };
    add + &write_comment(
        "CONSTRAINT",
        &format!("{} ON DOMAIN {domain}", check.sql),
        &check.attached,
    )
}

/// `CREATE FUNCTION` or `CREATE PROCEDURE`, as Postgres writes it.
pub(super) fn write_function(
    item: &Function,
    order: &DumpOrder<'_>,
    late: &mut Vec<Late>,
) -> String {
    let kind = match item.kind {
        FunctionKind::Function => "FUNCTION",
        FunctionKind::Procedure => "PROCEDURE",
    };
    let name = &item.name.sql;
    let properties = write_attached(kind, name, &item.attached);
    let id = ObjectId::new(ObjectKind::Function, name.as_str());
    let owner = item.attached.owner.as_ref();
    let create = format!("{};\n", item.definition);
    let stub = || create_empty_function(item);
    let create = create_or_replace((&id, create), stub, order, late);
    create + &own_now_or_later(properties, &id, owner, order, late)
}
