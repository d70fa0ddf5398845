//! The column of a table that an output column is, unchanged, whichever way [`lineage`](super::lineage) follows. An
//! outer join may put NULL in its place; it is the same column all the same.

use super::catalog::{Catalog, CatalogRelation};
use super::lineage::{Fold, FunctionColumn, Gap, Lineage, Stored};
use super::scope::{QueryScope, Stage};
use super::tree::{Expr, QueryTree, SublinkKind};
use crate::schema::ColumnId;

/// The origins of values, in one statement.
pub(super) struct Origins<'t> {
    lineage: Lineage<'t, Origin>,
}

/// The column that values are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// There are no values.
    None,
    Column(ColumnId),
    /// They are of several columns, or computed.
    Other,
}

impl<'t> Origins<'t> {
    pub(super) fn new(catalog: &'t Catalog) -> Self {
        Self {
            lineage: Lineage::new(catalog),
        }
    }

    /// The origin of each column of a statement.
    pub(super) fn find_origins(&self, query: &'t QueryTree) -> Vec<Option<ColumnId>> {
        let scope = QueryScope::outermost(query);
        let columns = query.columns();
        columns
            .map(|target| self.of_column(&scope, target.number).column())
            .collect()
    }

    /// The origin of an expression.
    pub(super) fn find_origin(
        &self,
        scope: &QueryScope<'t, '_>,
        stage: Stage,
        expr: &'t Expr,
    ) -> Option<ColumnId> {
        self.of_expression(scope, stage, expr).column()
    }

    /// The origin of the `column`-th column of a query, from 1.
    pub(super) fn find_column_origin(
        &self,
        scope: &QueryScope<'t, '_>,
        column: usize,
    ) -> Option<ColumnId> {
        self.of_column(scope, column).column()
    }

    /// The column itself, or the one that it is in the tables below a view.
    pub(super) fn find_table_origin(&self, oid: u32, column: i32) -> Option<ColumnId> {
        self.of_catalog_column(oid, column).column()
    }

    /// The table that an origin is in.
    pub(super) fn find_table(&self, origin: ColumnId) -> Option<&'t CatalogRelation> {
        self.lineage.catalog.tables.get(&origin.0)
    }
}

impl<'t> Fold<'t> for Origins<'t> {
    type Answer = Origin;

    fn lineage(&self) -> &Lineage<'t, Origin> {
        &self.lineage
    }

    fn of_expression(&self, scope: &QueryScope<'t, '_>, stage: Stage, expr: &'t Expr) -> Origin {
        match expr {
            Expr::Var(var) => self.follow(scope, stage, *var),
            Expr::Sublink(sublink) if sublink.kind == SublinkKind::Value => {
                self.of_column(&scope.inside_at(&sublink.query, stage), 1)
            }
            // Not even a cast: the origin promises the type and the constraints of the column.
            _ => Origin::Other,
        }
    }

    fn of_stored(&self, stored: Stored<'t>) -> Origin {
        match i16::try_from(stored.column) {
            // `attnum` is `int2`; the whole row and system columns are no column of the schema.
            Ok(column @ 1..) => Origin::Column((stored.oid, column)),
            _ => Origin::Other,
        }
    }

    fn of_functions(&self, _: &QueryScope<'t, '_>, _: FunctionColumn<'t>) -> Origin {
        Origin::Other
    }

    fn of_gap(&self, _: Gap<'t>) -> Origin {
        Origin::Other
    }

    fn of_nothing(&self) -> Origin {
        Origin::None
    }

    fn either(&self, one: Origin, other: Origin) -> Origin {
        match (one, other) {
            // A branch without rows changes nothing of the other's origin.
            (Origin::None, same) | (same, Origin::None) => same,
            (one, other) if one == other => one,
            _ => Origin::Other,
        }
    }
}

impl Origin {
    fn column(self) -> Option<ColumnId> {
        match self {
            Self::Column(column) => Some(column),
            Self::None | Self::Other => None,
        }
    }
}
