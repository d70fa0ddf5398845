//! The meaning of each query, by Postgres's own analysed tree: which columns can be NULL, what the
//! parameters are called.
//!
//! Given: queries with the types that Describe gave them. Gives: [`Typed`] queries, each column
//! with its nullability and the evidence for it. Never guesses: a column without a proof is nullable.
//!
//! ```text
//! fetch         queries → text of their trees     tree      text → QueryTree
//! catalog       the objects of the trees          scope     the queries around an expression
//! lineage       the one follower of values through a query; these are folds over it:
//! key_lineage   the key that ids and labels are of    origin    the column that they are, unchanged
//! alias         whether the query named them
//! parameters    names, NULL or not                nullability            of each column
//! cardinality   how many rows                     overrides the marks of aliases
//! page_order    the key of a page from ORDER BY      repeatable  values that a cursor may keep
//! embedded      rows inside of rows               check     contradictions and likely mistakes
//! ```

pub(super) mod fetch;
pub(super) mod tree;

mod catalog;
pub(super) mod deep;
mod dimensions;
pub(super) mod scope;

mod lineage;

mod alias;
mod changes;
mod key_lineage;
mod nullability;
mod origin;
mod overrides;
mod parameters;
mod tables;

mod cardinality;
mod page_order;
mod repeatable;

mod proofs;

mod embedded;

mod check;

pub use cardinality::Cardinality;
pub(crate) use cardinality::Uniqueness;

use super::{Command, DescribedColumn, DescribedQuery, Query, TypeCatalog, TypeKind};
use crate::report::Failure;
use crate::report::diagnostic::Diagnostic;
use crate::schema::{ColumnId, Keys};
use catalog::Catalog;
use check::CheckedQuery;
use fetch::{Fetched, NoTree};
use key_lineage::KeyLineage;
use nullability::{NullVerdict, NullabilityProver, Parameters};
use overrides::Alias;
use proofs::Proofs;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use tree::QueryTree;

pub(crate) use catalog::function_trees;
pub use embedded::Embedded;

pub use nullability::{Evidence, Record};
pub(crate) use page_order::{Obstacle, OrderKey, PageOrder};
pub(crate) use tree::{Mentions, SetConfig};

pub(crate) use changes::{Arbiters, ChangeKind, TableChange};
pub use tables::{Privilege, PrivilegeName, Tables};

/// A query of which everything is known that code is generated from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Typed {
    /// The query.
    pub query: Query,
    /// Its parameters, `$1` first.
    pub parameters: Vec<TypedParameter>,
    /// The columns of its rows; none for a statement that has no rows.
    pub columns: Vec<TypedColumn>,
    /// Which of the columns are rows of relations, in order.
    pub embedded: Vec<Embedded>,
    /// How many rows it gives, as far as that is proved.
    pub cardinality: Cardinality,
    /// The order of its pages, if it is read in pages and has a tree; of a query with named orders, one for each.
    pub(crate) page_orders: Vec<PageOrder>,
    /// The tables it names, and the privileges that takes; of a utility nothing is known.
    pub tables: Option<Tables>,
    /// Everything its tree mentions, if it has one.
    pub(crate) mentions: Option<Mentions>,
    /// Whether the next attempt has the same result: not if Postgres reported an error of the moment, such as a full disk.
    pub(crate) is_settled: bool,
}

/// One field of a query's row.
#[derive(Clone, Copy, Debug)]
pub enum Output<'t> {
    /// A column, by its index among those of the query.
    Column(usize),
    /// A row of a relation.
    Row(&'t Embedded),
}

impl Output<'_> {
    /// Whether the column at this index is all or a part of it.
    pub(crate) fn has(self, column: usize) -> bool {
        match self {
            Self::Column(index) => index == column,
            Self::Row(row) => row.columns.contains(&column),
        }
    }

    /// Its name in SQL, or that of its relation.
    pub(crate) fn name<'t>(&'t self, typed: &'t Typed) -> &'t str {
        match self {
            Self::Column(index) => &typed.columns[*index].name,
            Self::Row(row) => &row.field,
        }
    }
}

impl Typed {
    /// The fields of its rows, in order.
    pub fn outputs(&self) -> Vec<Output<'_>> {
        let mut outputs = Vec::new();
        let mut at = 0;
        for embedded in &self.embedded {
            outputs.extend((at..embedded.columns.start).map(Output::Column));
            outputs.push(Output::Row(embedded));
            at = embedded.columns.end;
        }
        outputs.extend((at..self.columns.len()).map(Output::Column));
        outputs
    }
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedParameter {
    /// As written, or taken from the column it meets, or `arg1`.
    pub name: String,
    /// The OID of its type.
    pub type_oid: u32,
    /// Whether the caller may pass NULL.
    pub nullable: bool,
    /// Whether the caller may pass NULL as an element, if it is an array.
    pub elements_nullable: bool,
    /// The column of a table that it is assigned to.
    pub origin: Option<ColumnId>,
    /// The key whose values it has, or its elements: that of an id, or of an enum table.
    pub key: Option<ColumnId>,
    /// The columns that it is compared with or assigned to, also inside of functions.
    pub met: Vec<ColumnId>,
}

/// One output column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts of one value, which are proved one by one"
)]
pub struct TypedColumn {
    /// Its name, without the mark of an override.
    pub name: String,
    /// Its name in the result, with the mark.
    pub label: String,
    /// The OID of its type; of a domain, that of its base.
    pub type_oid: u32,
    /// Whether it can be NULL; of an embedded row, where that row is there.
    pub nullable: bool,
    /// Whether an element can be NULL, if it is an array; true for everything else.
    pub elements_nullable: bool,
    /// Whether its table keeps NULL out of its elements, by a CHECK, whatever the query does.
    pub elements_checked: bool,
    /// Whether it is an array of more than one dimension.
    pub dimensions: bool,
    /// The Rust type that its alias names, as in `AS "total: Money"`.
    pub rust_type: Option<String>,
    /// Why it can be NULL or not.
    pub evidence: Evidence,
    /// The column of a table that it is, unchanged: table OID and column number.
    pub origin: Option<ColumnId>,
    /// The key whose values it has, or its elements: that of an id, or of an enum table.
    pub key: Option<ColumnId>,
    /// The fields, if it is an anonymous row or an array of such and they are known.
    pub record: Option<Record>,
}

/// Analyses every query. Contradictions become diagnostics.
///
/// # Errors
/// If the connection breaks.
///
/// # Cancellation
/// Dropping the future leaves a transaction that the connection rolls back before its next use.
pub async fn analyse(
    connection: &mut PgConnection,
    described: Vec<DescribedQuery>,
    types: &TypeCatalog,
    keys: &Keys,
) -> Result<(Vec<Typed>, Vec<Diagnostic>), Failure> {
    let fetched = fetch::fetch_trees(connection, &described, types).await?;
    // Walks over trees recurse, so they run on the large stack; the round trips between them do
    // not.
    let trees = deep::run(|| read_trees(&fetched))?;
    let catalog = catalog::read(connection, &trees).await?;
    let known = Known {
        catalog: &catalog,
        types,
        keys,
    };
    deep::run(|| {
        let queries = described.into_iter().zip(&trees).zip(&fetched.trees);
        let (mut analysed, mut diagnostics) = (Vec::new(), Vec::new());
        for ((described, tree), text) in queries {
            let mut analysed_query = analyse_query(described, tree.as_ref().ok(), known);
            let mentions = text
                .as_deref()
                .ok()
                .map(|text| collect_mentions(text, &fetched));
            analysed_query.typed.mentions = mentions;
            let found = check::check(&CheckedQuery {
                typed: &analysed_query.typed,
                tree: tree.as_ref(),
                catalog: &catalog,
                types,
                proved: &analysed_query.proved,
                gave_up: analysed_query.gave_up,
            });
            let query = &analysed_query.typed.query;
            diagnostics.extend(found.into_iter().map(|found| query.in_variant(found)));
            analysed.push(analysed_query.typed);
        }
        (analysed, diagnostics)
    })
}

/// Everything that a tree mentions, without the functions that take the place of parameters: they are dropped.
fn collect_mentions(tree: &str, fetched: &Fetched) -> Mentions {
    let mut mentions = Mentions::default();
    mentions.add(tree);
    mentions
        .functions
        .retain(|function| !fetched.stand_ins.contains(function));
    mentions
}

/// The tree of each query, or why there is none.
fn read_trees(fetched: &Fetched) -> Vec<Result<QueryTree, NoTree>> {
    let trees = fetched.trees.iter().map(|text| {
        let text = text.as_deref().map_err(Clone::clone)?;
        tree::query_tree_with(text, &fetched.stand_ins).ok_or(NoTree::NotUnderstood)
    });
    trees.collect()
}

/// The facts about the database.
#[derive(Clone, Copy)]
struct Known<'a> {
    catalog: &'a Catalog,
    types: &'a TypeCatalog,
    keys: &'a Keys,
}

/// A query, and the findings on the way.
struct Analysed {
    typed: Typed,
    /// The alias of each column, and the proof whatever it declares.
    proved: Vec<(Alias, NullVerdict)>,
    /// Whether some column is too complicated to be proved.
    gave_up: bool,
}

fn analyse_query(
    described: DescribedQuery,
    tree: Option<&QueryTree>,
    known: Known<'_>,
) -> Analysed {
    let Known { catalog, types, .. } = known;
    let keys = KeyLineage::new(catalog, known.keys);
    let parameters = parameters::type_parameters(&described, tree, &keys, known);
    let tables = tree.map(|tree| tables::of(tree, catalog));
    // Rows that the tree does not have as well are those of no analysed statement.
    let tree = tree.filter(|tree| tree.columns().count() == described.columns.len());
    let passed = Parameters::of_query(&parameters);
    let (proofs, embedded, cardinality, page_orders, gave_up) = if let Some(tree) = tree {
        let prover = NullabilityProver::new(catalog, types, passed);
        let mut known = proofs::prove_columns(tree, catalog, &keys, &prover);
        let embeds = &described.query.embeds;
        let embedded = embedded::find(embeds, tree, catalog, &prover, &mut known);
        let is_paged = described.query.command == Command::Page;
        let page_orders = is_paged.then(|| page_order::read_order(tree, catalog, &prover));
        let page_orders: Vec<PageOrder> = page_orders.into_iter().collect();
        let gave_up = prover.gave_up();
        (
            known,
            embedded,
            cardinality::count_rows(tree, catalog),
            page_orders,
            gave_up,
        )
    } else {
        let unknown = described.columns.iter().map(|_| Proofs::unknown());
        let unknown = unknown.collect();
        (unknown, Vec::new(), Cardinality::Unknown, Vec::new(), false)
    };
    let mut proved = Vec::new();
    let written = tree.map(|tree| alias::find_aliases(tree, catalog));
    let written = written.unwrap_or_default();
    let columns = described.columns.iter().zip(proofs).enumerate();
    let columns = columns.map(|(index, (column, known))| {
        let alias = match written.get(index) {
            Some(false) => Alias::name_alone(&column.name),
            _ => overrides::read(&column.name),
        };
        proved.push((alias.clone(), known.verdict.clone()));
        type_column(column, alias, known, types)
    });
    let typed = Typed {
        parameters,
        columns: columns.collect(),
        embedded,
        cardinality,
        page_orders,
        tables,
        mentions: None,
        is_settled: true,
        query: described.query,
    };
    Analysed {
        typed,
        proved,
        gave_up,
    }
}

/// A column with its proofs; the marks of its alias go before them.
fn type_column(
    column: &DescribedColumn,
    alias: Alias,
    known: Proofs,
    types: &TypeCatalog,
) -> TypedColumn {
    let verdict = alias.apply(known.verdict);
    TypedColumn {
        name: alias.name,
        label: column.name.clone(),
        type_oid: column.type_oid,
        nullable: verdict.nullable,
        elements_nullable: known.elements.nullable || !is_array(column.type_oid, types),
        elements_checked: known.elements_checked,
        dimensions: known.dimensions,
        rust_type: alias.rust_type,
        evidence: verdict.evidence,
        origin: known.origin,
        key: known.key,
        record: known
            .record
            .filter(|_| is_anonymous(column.type_oid, types)),
    }
}

fn is_array(oid: u32, types: &TypeCatalog) -> bool {
    let base = types.base(oid);
    base.is_some_and(|base| matches!(base.kind, TypeKind::Array(_)))
}

/// Whether it is `record` or an array of it: `ROW(…)::price` is a `price`.
fn is_anonymous(oid: u32, types: &TypeCatalog) -> bool {
    let Some(base) = types.base(oid) else {
        return false;
    };
    match base.kind {
        TypeKind::Array(element) => {
            let element = types.base(element);
            element.is_some_and(|element| element.kind == TypeKind::Pseudo)
        }
        _ => base.kind == TypeKind::Pseudo,
    }
}
