//! Two schemas → the statements that make the one of the other.
//!
//! Given: what a database is, and what it shall be. Gives: a [`Script`], with what it cannot express
//! named. Never talks to a server: whether the script keeps its word is proved on one.
//!
//! What is new as a whole is written by the dump itself, so whatever schema.sql can say can be created.
//! What is there in both and differs is altered part by part, and where Postgres has no way to alter
//! it, dropped and created with all that rests on it.

mod change;
mod objects;

mod again;
mod composites;
mod enums;
mod replaced;
mod touched;

mod aside;
mod attached;
mod columns;
mod constraints;
mod drops;
mod family;
mod identity;
mod partitions;
mod parts;
mod privileges;
mod retype;
mod rows;
mod sequences;
mod tables;
mod types;
mod whole;

mod order;
mod renames;

pub use change::{Change, Script};
pub use order::in_order_of_names;
pub use renames::{Rename, renamed};

use super::Schema;
use super::model::ObjectId;
use again::Again;
use objects::{Objects, created};

/// The statements that make `new` of `old`.
pub fn diff(old: &Schema, new: &Schema) -> Script {
    let (before, after) = (Objects::of(old), Objects::of(new));
    let mut script = Script::default();
    let again = Again::between(old, new);
    let comes = |key: &ObjectId| !before.has(key) || again.has(key) || again.replaces(key);
    let early = |key: &ObjectId| comes(key) && !again.is_late(key) && !after.stands_last(key);
    let late = |key: &ObjectId| comes(key) && again.is_late(key) && !after.stands_last(key);
    let at_last = |key: &ObjectId| comes(key) && after.stands_last(key);

    privileges::take_back(&mut script, old, new);
    constraints::drop_foreign(&mut script, old, new, &again);
    partitions::detach(&mut script, old, new);
    parts::drop(&mut script, old, new, &again);
    drops::drop_relational(&mut script, &before, &after, &again);
    constraints::drop_keys(&mut script, old, new, &again);
    aside::columns(&mut script, old, new, &again);
    drops::drop_others(&mut script, &before, &after, &again);
    aside::names(&mut script, old, (&before, &after), &again);
    whole::schemas(&mut script, old, new);
    types::alter(&mut script, old, new, &again);
    script.run(created(new, &after, &again, early));
    tables::alter(&mut script, old, new, &again);
    drops::drop_types(&mut script, &before, &after, &again);
    constraints::create_keys(&mut script, old, new, &again);
    script.run(created(new, &after, &again, late));
    constraints::create(&mut script, old, new, &again);
    types::check(&mut script, old, new, &again);
    parts::create(&mut script, old, new, &again);
    partitions::attach(&mut script, old, new);
    tables::choose_indexes(&mut script, old, new);
    attached::alter(&mut script, &before, &after, &again);
    privileges::grant(&mut script, old, new);
    whole::drop(&mut script, old, new);
    script.run(created(new, &after, &again, at_last));
    script
}
