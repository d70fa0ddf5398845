//! Two schemas → the statements that take a database from the one to the other.
//!
//! Given: the old and the target schema. Gives: a [`Script`], which names each difference that it cannot express. Never
//! talks to a server: `migrate/author/generate.rs` proves the script on one.
//!
//! New objects are written by the dump, so the script can create everything that schema.sql can express. Objects of both
//! schemas are altered part by part. Where Postgres cannot alter an object, it is dropped and recreated, with all objects
//! that depend on it.

mod change;
mod comparison;
mod fates;
mod graph;
mod ids;
mod operation;
mod plan;
mod unchanged;

mod composite_values;
mod composites;
mod element_functions;
mod enums;
mod replaced;

mod objects;

mod attached;
mod column_settings;
mod column_types;
mod columns;
mod constraints;
mod containers;
mod drops;
mod equal_keys;
mod expressions;
mod family;
mod identity;
mod inheritance;
mod new_partitions;
mod partitions;
mod parts;
mod privileges;
mod rebuilt;
mod renamed_types;
mod retype;
mod rows;
mod sequences;
mod stored_rows;
mod tables;
mod transforms;
mod trigger_states;
mod types;
mod validation;

mod carried;
mod order;
mod rename_target;
mod renames;
mod serial;
mod suggested_renames;

pub use carried::carry_names;
pub use change::{Change, Script};
pub use order::in_order_of_names;
pub use renames::{Rename, RenameSteps, resolve_renames};
pub use serial::convert_serials;
pub use suggested_renames::suggest_renames;

use super::Schema;
use comparison::Comparison;
use plan::Plan;

/// The statements that make `new` of `old`.
pub fn diff(old: &Schema, new: &Schema) -> Script {
    let comparison = Comparison::between(old, new);
    let mut plan = Plan::default();
    privileges::revoke_privileges(&mut plan, &comparison);
    partitions::detach_partitions(&mut plan, &comparison);
    parts::drop_parts(&mut plan, &comparison);
    drops::drop_objects(&mut plan, &comparison);
    rebuilt::rebuild_tables(&mut plan, &comparison);
    renamed_types::free_columns(&mut plan, &comparison);
    renamed_types::rename_types(&mut plan, &comparison);
    containers::create_schemas(&mut plan, &comparison);
    types::alter_types(&mut plan, &comparison);
    objects::create_objects(&mut plan, &comparison);
    tables::alter_tables(&mut plan, &comparison);
    constraints::create_constraints(&mut plan, &comparison);
    types::create_domain_checks(&mut plan, &comparison);
    parts::create_parts(&mut plan, &comparison);
    partitions::attach_partitions(&mut plan, &comparison);
    tables::choose_indexes(&mut plan, &comparison);
    trigger_states::alter_trigger_states(&mut plan, &comparison);
    attached::alter_attachments(&mut plan, &comparison);
    privileges::grant_privileges(&mut plan, &comparison);
    containers::drop_containers(&mut plan, &comparison);
    plan.into_script(&comparison)
}
