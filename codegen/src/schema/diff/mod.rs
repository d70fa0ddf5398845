//! Two schemas → the statements that take a database from the one to the other.
//!
//! Given: the old and the target schema. Gives: a [`Script`], which names each difference that it cannot express. Never
//! talks to a server: `migration/generate.rs` proves the script on one.
//!
//! New objects are written by the dump, so the script can create everything that schema.sql can express. Objects of both
//! schemas are altered part by part. Where Postgres cannot alter an object, it is dropped and recreated, with all objects
//! that depend on it.

mod change;
mod objects;

mod affected;
mod composites;
mod enums;
mod recreated;
mod replaced;

mod attached;
mod columns;
mod constraints;
mod containers;
mod drops;
mod identity;
mod inheritance;
mod partitions;
mod parts;
mod privileges;
mod renamed_types;
mod retype;
mod rows;
mod sequences;
mod tables;
mod types;

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
use super::model::ObjectId;
use objects::{Objects, create_objects};
use recreated::Recreated;

/// The statements that make `new` of `old`.
pub fn diff(old: &Schema, new: &Schema) -> Script {
    let (before, after) = (Objects::of(old), Objects::of(new));
    let mut script = Script::default();
    let recreated = Recreated::between(old, new);
    let comes = |key: &ObjectId| !before.has(key) || recreated.has(key) || recreated.replaces(key);
    let early = |key: &ObjectId| comes(key) && !recreated.is_late(key) && !after.stands_last(key);
    let late = |key: &ObjectId| comes(key) && recreated.is_late(key) && !after.stands_last(key);
    let at_last = |key: &ObjectId| comes(key) && after.stands_last(key);

    privileges::revoke_privileges(&mut script, old, new);
    constraints::drop_foreign(&mut script, old, new, &recreated);
    partitions::detach_partitions(&mut script, old, new);
    parts::drop_parts(&mut script, old, new, &recreated);
    drops::drop_relational(&mut script, &before, &after, &recreated);
    constraints::drop_keys(&mut script, old, new, &recreated);
    renamed_types::free_columns(&mut script, old, new, &recreated);
    drops::drop_others(&mut script, &before, &after, &recreated);
    renamed_types::rename_types(&mut script, old, (&before, &after), &recreated);
    containers::create_schemas(&mut script, old, new);
    types::alter_types(&mut script, old, new, &recreated);
    script.run(create_objects(new, &after, &recreated, early));
    tables::alter_tables(&mut script, old, new, &recreated);
    drops::drop_types(&mut script, &before, &after, &recreated);
    constraints::create_keys(&mut script, old, new, &recreated);
    script.run(create_objects(new, &after, &recreated, late));
    constraints::create_constraints(&mut script, old, new, &recreated);
    types::create_domain_checks(&mut script, old, new, &recreated);
    parts::create_parts(&mut script, old, new, &recreated);
    partitions::attach_partitions(&mut script, old, new);
    tables::alter_index_choices(&mut script, old, new);
    attached::alter_attachments(&mut script, &before, &after, &recreated);
    privileges::grant_privileges(&mut script, old, new);
    containers::drop_containers(&mut script, old, new);
    script.run(create_objects(new, &after, &recreated, at_last));
    script
}
