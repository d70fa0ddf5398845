//! Kept composite types: fields are added at the end or dropped; any other change recreates the type.

use super::objects::Objects;
use crate::schema::Schema;
use crate::schema::dump::nodes::{DumpNode, parts};
use crate::schema::model::{Column, Composite, ObjectId};
use std::collections::BTreeSet;

/// The types that tables, other types and domains use.
pub(super) fn used_types(schema: &Schema) -> BTreeSet<ObjectId> {
    let objects = Objects::of(schema);
    let made = objects.by_key.values().filter(|node| {
        matches!(
            node,
            DumpNode::Table(_) | DumpNode::Composite(_) | DumpNode::Domain(_)
        )
    });
    made.flat_map(|node| parts(node).2.needs.iter().cloned())
        .collect()
}

/// Whether `ALTER TYPE` can express the difference.
pub(super) fn can_be_altered(old: &Composite, new: &Composite, used: bool) -> bool {
    let stays = |field: &&Column| new.fields.iter().any(|f| f.name == field.name);
    let staying: Vec<_> = old.fields.iter().filter(stays).collect();
    let in_order = staying
        .iter()
        .zip(&new.fields)
        .all(|(old, new)| old.name == new.name);
    let same = staying
        .iter()
        .zip(&new.fields)
        .all(|(old, new)| old.data_type == new.data_type && old.collation == new.collation);
    in_order && (same || !used)
}

/// Whether a value of the one, as text, is read as the same value of the other.
pub(super) fn same_fields(old: &[Column], new: &[Column]) -> bool {
    let names = |fields: &[Column]| -> Vec<String> {
        fields.iter().map(|field| field.name.clone()).collect()
    };
    names(old) == names(new)
}
