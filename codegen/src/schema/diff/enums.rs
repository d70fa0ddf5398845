//! Kept enums: labels are added; any other change recreates the enum.

use super::operation::{DatabaseFact, Operation, Rank};
use super::plan::Plan;
use crate::schema::Schema;
use crate::schema::dump::dump;
use crate::schema::model::{Enum, ObjectId};
use crate::sql::lexer::{TokenKind, tokens};
use crate::sql::quote::quote_literal;
use std::collections::BTreeSet;

/// Whether all labels stay, in their order.
pub(super) fn only_grows(before: &Enum, after: &Enum) -> bool {
    let mut labels = after.labels.iter();
    let mut former = before.labels.iter();
    former.all(|label| labels.any(|other| other == label))
}

/// Enums with a new label that the new schema uses, for example in a default or an index:
/// Postgres refuses that in the transaction that adds the label.
pub(super) fn new_labels_in_use(old: &Schema, new: &Schema) -> BTreeSet<ObjectId> {
    let pairs = old.enums.iter().filter_map(|before| {
        let after = new.enums.iter().find(|after| after.name == before.name)?;
        let fresh = after
            .labels
            .iter()
            .filter(|label| !before.labels.contains(label));
        Some((&after.name.sql, fresh.collect::<Vec<_>>()))
    });
    let pairs: Vec<_> = pairs.filter(|(_, fresh)| !fresh.is_empty()).collect();
    if pairs.is_empty() {
        return BTreeSet::new();
    }
    // The dump has every expression in which a label can be.
    let text = dump(new);
    let literals = string_literals(&text);
    let is_used = |name: &str, label: &str| {
        literals.iter().any(|(literal, after)| {
            let cast = after
                .strip_prefix("::")
                .and_then(|cast| cast.strip_prefix(name));
            match cast {
                // Somewhere in the array: a label too many only recreates the type.
                Some(rest) if rest.starts_with("[]") => literal.contains(label),
                Some(_) => *literal == quote_literal(label),
                None => false,
            }
        })
    };
    let used = pairs
        .iter()
        .filter(|(name, fresh)| fresh.iter().any(|label| is_used(name, label)));
    used.map(|(name, _)| ObjectId::data_type(name.as_str()))
        .collect()
}

/// String literals, each with the text behind it.
fn string_literals(text: &str) -> Vec<(&str, &str)> {
    let tokens = tokens(text).into_iter();
    let strings = tokens.filter(|token| token.kind == TokenKind::String);
    strings
        .map(|token| (&text[token.range.clone()], &text[token.range.end..]))
        .collect()
}

/// Adds labels.
pub(super) fn add_labels(plan: &mut Plan, before: &Enum, after: &Enum) {
    for (place, label) in after.labels.iter().enumerate() {
        if before.labels.contains(label) {
            continue;
        }
        let place = match place.checked_sub(1).map(|former| &after.labels[former]) {
            Some(former) => format!("AFTER {}", quote_literal(former)),
            None => match before.labels.first() {
                Some(first) => format!("BEFORE {}", quote_literal(first)),
                None => String::new(),
            },
        };
        let (name, label) = (&after.name.sql, quote_literal(label));
        let sql = format!("ALTER TYPE {name} ADD VALUE {label} {place}");
        let id = ObjectId::data_type(name.as_str());
        let add = Operation::new(Rank::AlterType, format!("{};\n", sql.trim_end()));
        plan.add(add.provides([DatabaseFact::Ready(id.clone())]).on(id));
    }
}
