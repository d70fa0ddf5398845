//! Senses of equality: two values that one `=` takes for equal may differ for another.

use super::keys::KeyColumn;
use crate::catalog_query::fetch_catalog;
use crate::report::Failure;
use sqlx::{PgConnection, Row as _};
use std::collections::{HashMap, HashSet};

/// The senses of equality that the server has.
#[derive(Debug, Default)]
pub(crate) struct Equality {
    /// By function: the B-tree operator families in which it is the equality.
    families: HashMap<u32, HashSet<u32>>,
    /// The functions of operators that compare values: `=`, `<>`, `<` and their like.
    comparisons: HashSet<u32>,
    /// By operator: the function that it calls.
    functions: HashMap<u32, u32>,
    /// Collations by which strings of different bytes can be equal.
    nondeterministic: HashSet<u32>,
}

/// Reads them all; there are few.
pub(super) async fn read(connection: &mut PgConnection) -> Result<Equality, Failure> {
    let rows = fetch_catalog(connection, include_str!("equality.sql")).await;
    let read = rows.and_then(|rows| {
        let mut equality = Equality::default();
        for row in &rows {
            let oid = |name: &str| -> Result<u32, sqlx::Error> {
                let number: i64 = row.try_get(name)?;
                u32::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))
            };
            let function = oid("function")?;
            equality.comparisons.insert(function);
            if !row.try_get::<bool, _>("equality")? {
                continue;
            }
            equality.functions.insert(oid("operator")?, function);
            let families = equality.families.entry(function).or_default();
            families.insert(oid("family")?);
            // One query gives operators and collations as rows of one shape; each has 0 in the
            // columns of the other.
            equality.nondeterministic.insert(oid("collation")?);
        }
        // 0 would make every value without a collation nondeterministic.
        equality.nondeterministic.remove(&0);
        equality.families.remove(&0);
        Ok(equality)
    });
    read.map_err(Failure::connection("reading what counts as equal"))
}

impl Equality {
    /// Whether a function is an equality at all.
    pub(crate) fn is_equality(&self, function: u32) -> bool {
        self.families.contains_key(&function)
    }

    /// Whether a function is that of an operator which compares values of one kind.
    pub(crate) fn is_comparison(&self, function: u32) -> bool {
        self.comparisons.contains(&function)
    }

    /// The function of an operator.
    pub(crate) fn function_of(&self, operator: u32) -> u32 {
        self.functions.get(&operator).copied().unwrap_or(0)
    }

    /// Whether values that are equal by `function` and `collation` is a duplicate for the key.
    pub(crate) fn decides(&self, function: u32, collation: u32, key: &KeyColumn) -> bool {
        let same_family = self
            .families
            .get(&function)
            .is_some_and(|families| families.contains(&key.family));
        // Strings that are equal by a deterministic collation have equal bytes, and so are
        // duplicates for a key of any collation. Others are so only by the key's own
        // ("Nondeterministic Collations").
        same_family && (self.is_deterministic(collation) || collation == key.collation)
    }

    /// Whether values that are equal by one function are equal by the other.
    pub(crate) fn agree(&self, one: u32, other: u32) -> bool {
        match (self.families.get(&one), self.families.get(&other)) {
            // Within one B-tree family, equality is transitive across types ("Behavior of B-Tree
            // Operator Classes"), so one shared family is enough.
            (Some(one), Some(other)) => !one.is_disjoint(other),
            _ => false,
        }
    }

    /// Whether only strings of equal bytes are equal by a collation.
    pub(crate) fn is_deterministic(&self, collation: u32) -> bool {
        !self.nondeterministic.contains(&collation)
    }
}
