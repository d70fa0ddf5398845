//! Everything that the tree of a query proves of its columns, one fold after the other.

use super::catalog::Catalog;
use super::dimensions;
use super::key_lineage::KeyLineage;
use super::nullability::{NullVerdict, NullabilityProver, Record, Records};
use super::origin::Origins;
use super::tree::QueryTree;
use crate::schema::ColumnId;

const NO_TREE: &str = "no proof: Postgres gives no analysed tree of this statement";

/// The proofs for one column.
pub(super) struct Proofs {
    pub(super) verdict: NullVerdict,
    /// The same for the elements of an array.
    pub(super) elements: NullVerdict,
    pub(super) elements_checked: bool,
    pub(super) dimensions: bool,
    pub(super) origin: Option<ColumnId>,
    pub(super) key: Option<ColumnId>,
    pub(super) record: Option<Record>,
}

impl Proofs {
    pub(super) fn unknown() -> Self {
        Self {
            verdict: NullVerdict::maybe(NO_TREE),
            elements: NullVerdict::maybe(NO_TREE),
            elements_checked: false,
            dimensions: false,
            origin: None,
            key: None,
            record: None,
        }
    }
}

/// The proofs of each column of a statement.
pub(super) fn prove_columns<'t>(
    tree: &'t QueryTree,
    catalog: &'t Catalog,
    keys: &KeyLineage<'t>,
    prover: &NullabilityProver<'t>,
) -> Vec<Proofs> {
    let verdicts = prover.columns(tree).into_iter();
    let elements = prover.elements_of_columns(tree);
    let origins = Origins::new(catalog);
    let records = Records::new(prover, keys, &origins).find_records(tree);
    let from = origins
        .find_origins(tree)
        .into_iter()
        .zip(keys.find_keys(tree));
    let dimensions = dimensions::of_columns(tree);
    verdicts
        .zip(elements.into_iter().zip(dimensions))
        .zip(from.zip(records))
        .map(
            |((verdict, (elements, dimensions)), ((origin, key), record))| Proofs {
                verdict,
                elements,
                elements_checked: origin.is_some_and(|origin| catalog.has_checked_elements(origin)),
                dimensions,
                origin,
                key,
                record,
            },
        )
        .collect()
}
