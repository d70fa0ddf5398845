//! Parameters: their names, and whether NULL may be passed for them.
//!
//! A parameter without a name takes that of the column it is assigned to, or else of the column
//! it is compared with. It may be NULL if the query says so, tests it for NULL, or assigns it to
//! nothing but columns that may be NULL; never if its type is a domain that does not allow NULL.

mod meetings;
mod usage;
mod values;

use super::key_lineage::KeyLineage;
use super::tree::QueryTree;
use super::{Known, TypedParameter};
use crate::query::DescribedQuery;
use std::collections::HashMap;
use usage::Usage;

/// The parameters of one query.
pub(super) fn type_parameters<'t>(
    described: &DescribedQuery,
    tree: Option<&'t QueryTree>,
    keys: &KeyLineage<'t>,
    known: Known<'t>,
) -> Vec<TypedParameter> {
    let count = described.parameters.len();
    let usages = match tree {
        Some(tree) => usage::read_usages(tree, keys, known.catalog, count),
        None => vec![Usage::default(); count],
    };
    let written = |index: usize| described.query.parameters.get(index);
    // Written names are taken before any is derived, so that adding a parameter without a name
    // never renames one that has it.
    let mut taken: HashMap<String, usize> = (0..count)
        .filter_map(|index| Some((written(index)?.name.clone()?, 1)))
        .collect();
    let mut parameters = Vec::new();
    for (index, (type_oid, usage)) in described.parameters.iter().zip(usages).enumerate() {
        let name = written(index).and_then(|parameter| parameter.name.clone());
        let declared = written(index).is_some_and(|parameter| parameter.nullable);
        let refused = known.types.refuses_null(*type_oid);
        parameters.push(TypedParameter {
            type_oid: *type_oid,
            nullable: !refused && (declared || usage.nullable()),
            elements_nullable: written(index).is_some_and(|parameter| parameter.elements_nullable),
            origin: usage.origin(),
            key: usage.key(),
            met: usage.met.iter().copied().collect(),
            name: name.unwrap_or_else(|| {
                let wanted = usage.name().unwrap_or_else(|| format!("arg{}", index + 1));
                unique(&wanted, &mut taken)
            }),
        });
    }
    parameters
}

/// The name, or `name_2`, `name_3` … `taken` has each name with the number that was used last.
fn unique(wanted: &str, taken: &mut HashMap<String, usize>) -> String {
    let mut number = taken.get(wanted).copied().unwrap_or(0);
    loop {
        number += 1;
        let name = match number {
            1 => wanted.to_owned(),
            _ => format!("{wanted}_{number}"),
        };
        // A column may itself be called `name_2`.
        if number == 1 || !taken.contains_key(&name) {
            taken.insert(name.clone(), 1);
            taken.insert(wanted.to_owned(), number);
            return name;
        }
    }
}
