//! Objects that others are created in: schemas, extensions, roles.

use super::attached;
use super::comparison::Comparison;
use super::objects::only_public;
use super::operation::Rank;
use super::plan::Plan;
use crate::schema::dump::write_blocks;
use crate::schema::model::Schema;
use std::collections::BTreeSet;

/// Creates schemas, extensions and roles. Removed ones are dropped last.
pub(super) fn create_schemas(plan: &mut Plan, comparison: &Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    create_roles(plan, old, new);
    for schema in &new.schemas {
        let former = old.schemas.iter().find(|former| former.name == schema.name);
        if let Some(former) = former {
            let (before, after) = (&former.attached, &schema.attached);
            attached::alter_one(plan, ("SCHEMA", &schema.sql), before, after);
        } else {
            let mut only = only_public(new);
            only.schemas.push(schema.clone());
            plan.run(
                Rank::CreateContainer,
                write_blocks(&only, &BTreeSet::new()).concat(),
            );
        }
    }
    create_extensions(plan, old, new);
}

fn create_roles(plan: &mut Plan, old: &Schema, new: &Schema) {
    for role in &new.roles {
        let former = old.roles.iter().find(|former| former.name == role.name);
        if former.is_none() {
            let roles = vec![role.clone()];
            let only = Schema {
                roles,
                ..only_public(new)
            };
            plan.run(
                Rank::CreateContainer,
                write_blocks(&only, &BTreeSet::new()).concat(),
            );
        }
        if former.is_some_and(|former| former != role) {
            let name = &role.sql;
            plan.leave_to_person(format!(
                "role {name}: roles belong to all databases of a server"
            ));
        }
    }
}

fn create_extensions(plan: &mut Plan, old: &Schema, new: &Schema) {
    for extension in &new.extensions {
        let (name, place) = (&extension.sql, &extension.schema);
        let former = old
            .extensions
            .iter()
            .find(|former| former.name == extension.name);
        match former {
            None => {
                let extensions = vec![extension.clone()];
                let only = Schema {
                    extensions,
                    ..only_public(new)
                };
                plan.run(
                    Rank::CreateContainer,
                    write_blocks(&only, &BTreeSet::new()).concat(),
                );
            }
            Some(former) if former.schema != extension.schema => {
                plan.run(
                    Rank::CreateContainer,
                    format!("ALTER EXTENSION {name} SET SCHEMA {place};\n"),
                );
            }
            Some(former) => {
                let (before, after) = (&former.attached, &extension.attached);
                attached::alter_one(plan, ("EXTENSION", name), before, after);
            }
        }
    }
}

/// Drops removed extensions and schemas, after the last object that uses them.
pub(super) fn drop_containers(plan: &mut Plan, comparison: &Comparison<'_>) {
    let (old, new) = (comparison.old, comparison.new);
    for extension in &old.extensions {
        if !new
            .extensions
            .iter()
            .any(|other| other.name == extension.name)
        {
            plan.run(
                Rank::DropContainer,
                format!("DROP EXTENSION {};\n", extension.sql),
            );
        }
    }
    for schema in &old.schemas {
        if !new.schemas.iter().any(|other| other.name == schema.name) {
            plan.run(
                Rank::DropContainer,
                format!("DROP SCHEMA {};\n", schema.sql),
            );
        }
    }
}
