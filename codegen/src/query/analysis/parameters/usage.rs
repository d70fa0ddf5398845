//! The uses of each parameter in a tree: the columns that it is assigned to or compared with, and tests for NULL.

use super::values::{ParameterValue, ParameterValues};
use crate::query::analysis::catalog::Catalog;
use crate::query::analysis::key_lineage::KeyLineage;
use crate::query::analysis::lineage::Fold as _;
use crate::query::analysis::origin::Origins;
use crate::query::analysis::scope::{QueryScope, Stage};
use crate::query::analysis::tree::{
    self, CallForm, Expr, QueryTree, RelationKind, StatementTree, Sublink, TargetEntry, Var,
};
use crate::schema::ColumnId;
use std::collections::BTreeSet;

/// The facts about one parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    assigned_name: Option<String>,
    compared_name: Option<String>,
    /// Assigned to a column that may be NULL.
    to_nullable: bool,
    /// Assigned to a column that is NOT NULL.
    to_not_null: bool,
    /// Tested for NULL, or replaced if it is.
    tested: bool,
    /// The columns that it is assigned to.
    assigned_to: Vec<Option<ColumnId>>,
    /// The keys whose values it is assigned to or compared with.
    keys: BTreeSet<ColumnId>,
    /// The columns that it is compared with or assigned to, also inside of functions.
    pub(super) met: BTreeSet<ColumnId>,
}

impl Usage {
    /// The column that it is assigned to, if that is one.
    pub(super) fn origin(&self) -> Option<ColumnId> {
        let (first, rest) = self.assigned_to.split_first()?;
        // A parameter that goes to two columns has the type of neither's annotation.
        first.filter(|_| rest.iter().all(|other| other == first))
    }

    /// The key whose values it can only be meant to have.
    pub(super) fn key(&self) -> Option<ColumnId> {
        let key = self.keys.first();
        // Ids of two keys cannot be one Rust type.
        key.copied().filter(|_| self.keys.len() == 1)
    }

    /// The column it meets, if that can be the name of a parameter.
    pub(super) fn name(&self) -> Option<String> {
        // Assignment before comparison: `SET title = $1 WHERE id <> $1` is about the title.
        let mut names = [&self.assigned_name, &self.compared_name]
            .into_iter()
            .flatten();
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        names.find(|name| is_name(name)).cloned()
    }

    /// Whether the caller may pass NULL although the query does not declare it.
    pub(super) fn nullable(&self) -> bool {
        // One NOT NULL column is enough for NULL to fail, so all the columns have to allow it.
        self.tested || self.to_nullable && !self.to_not_null
    }
}

/// The usage of each of `count` parameters.
pub(super) fn read_usages<'t>(
    tree: &'t QueryTree,
    keys: &KeyLineage<'t>,
    catalog: &'t Catalog,
    count: usize,
) -> Vec<Usage> {
    let mut reader = UsageReader {
        catalog,
        keys,
        origins: Origins::new(catalog),
        values: ParameterValues::new(catalog),
        usages: vec![Usage::default(); count],
    };
    reader.read_query(&QueryScope::outermost(tree));
    reader.usages
}

pub(super) struct UsageReader<'t, 'c> {
    catalog: &'t Catalog,
    keys: &'c KeyLineage<'t>,
    pub(super) origins: Origins<'t>,
    pub(super) values: ParameterValues<'t>,
    usages: Vec<Usage>,
}

impl<'t> UsageReader<'t, '_> {
    fn read_query(&mut self, scope: &QueryScope<'t, '_>) {
        let query = scope.query;
        for cte in &query.ctes {
            self.read_query(&scope.inside(&cte.query));
        }
        for relation in &query.relations {
            if let RelationKind::Subquery(subquery) = &relation.kind {
                self.read_query(&scope.inside(subquery));
            }
        }
        // The targets of a SELECT are columns of its rows, not assignments.
        if matches!(
            query.statement,
            StatementTree::Insert | StatementTree::Update
        ) {
            self.read_assignments(scope, &query.targets);
        }
        self.read_assignments(scope, &query.assignments);
        tree::every_expression(query, &mut |expr| self.read_expression(scope, expr));
        self.name_after(query.limit.as_ref(), "limit");
        self.name_after(query.offset.as_ref(), "offset");
    }

    pub(super) fn usage_of(&mut self, parameter: usize) -> Option<&mut Usage> {
        self.usages.get_mut(parameter.checked_sub(1)?)
    }

    fn name_after(&mut self, expr: Option<&Expr>, name: &str) {
        let Some(Expr::Parameter(number)) = expr.map(bare) else {
            return;
        };
        if let Some(usage) = self.usage_of(*number) {
            usage.compared_name.get_or_insert_with(|| name.to_owned());
        }
    }

    fn read_assignments(&mut self, scope: &QueryScope<'t, '_>, targets: &'t [TargetEntry]) {
        let relation = scope.query.relation(scope.query.result_relation);
        let Some(RelationKind::Table { oid, .. }) = relation.map(|relation| &relation.kind) else {
            return;
        };
        for target in targets.iter().filter(|target| !target.junk) {
            let not_null = self.is_not_null(*oid, target.number);
            let number = i32::try_from(target.number).unwrap_or(0);
            let origin = self.origins.find_table_origin(*oid, number);
            let key = self.keys.find_table_key(*oid, number);
            self.read_assigned(scope, origin, &target.expr);
            for value in self.values.find_parameters(scope, &target.expr) {
                let Some(usage) = self.usage_of(value.parameter) else {
                    continue;
                };
                usage
                    .assigned_name
                    .get_or_insert_with(|| target.name.clone());
                usage.keys.extend(key);
                // Elements of an array have a place of their own.
                if !value.element {
                    usage.to_not_null |= not_null;
                    usage.to_nullable |= !not_null;
                    usage.assigned_to.push(origin);
                }
            }
        }
    }

    fn is_not_null(&self, oid: u32, column: usize) -> bool {
        let column = i32::try_from(column).unwrap_or(0);
        let origin = self.origins.find_table_origin(oid, column);
        origin.is_some_and(|origin| {
            let table = self.origins.find_table(origin);
            let column = table.and_then(|table| table.columns.get(&i32::from(origin.1)));
            column.is_some_and(|column| column.not_null)
        })
    }

    fn read_expression(&mut self, scope: &QueryScope<'t, '_>, expr: &'t Expr) {
        self.read_meeting(scope, expr);
        match expr {
            // `a + $1` does not compare, so the column would be a misleading name.
            Expr::Call(call) if call.form == CallForm::Operator && call.result == BOOL => {
                self.read_comparison(scope, &call.arguments);
                self.read_keys(scope, call.function, &call.arguments);
            }
            Expr::AnyArray {
                function,
                arguments,
                ..
            } => {
                self.read_comparison(scope, arguments);
                self.read_keys(scope, *function, arguments);
            }
            Expr::NullIf(arguments) => {
                self.read_comparison(scope, arguments);
                self.share_keys(scope, arguments);
            }
            // IS DISTINCT FROM is written for values that may be NULL, so a parameter there may be
            // it.
            Expr::Distinct { arguments, .. } => {
                self.read_comparison(scope, arguments);
                self.share_keys(scope, arguments);
                self.mark_all_tested(arguments);
            }
            Expr::RowCompare { left, right, .. } => {
                for (left, right) in left.iter().zip(right) {
                    self.read_pair(scope, left, right);
                    self.share_key(scope, left, right);
                }
            }
            Expr::NullTest { argument, .. } => self.mark_tested(argument),
            // The last argument takes the place of the others; nothing takes its own.
            Expr::Coalesce(arguments) => {
                let replaced = arguments.split_last().map(|(_, replaced)| replaced);
                self.mark_all_tested(replaced.unwrap_or_default());
            }
            Expr::Sublink(sublink) => {
                self.read_query(&scope.inside(&sublink.query));
                self.read_lookup(scope, sublink);
            }
            _ => {}
        }
    }

    /// `:id IN (SELECT …)`, `id IN (SELECT unnest(:ids))`, and the same of rows.
    fn read_lookup(&mut self, scope: &QueryScope<'t, '_>, sublink: &'t Sublink) {
        let inner = scope.inside(&sublink.query);
        for (value, column) in self.compared_columns(sublink.test.as_ref()) {
            let key = self.keys.find_column_key(&inner, column);
            self.meet_key(scope, value, key);
            let key = self.keys.find_key(scope, Stage::Rows, value);
            let listed = self.values.of_column(&inner, column);
            self.share_with(&listed, key);
        }
    }

    /// The values that a test compares with columns of its subquery, from 1.
    fn compared_columns(&self, test: Option<&'t Expr>) -> Vec<(&'t Expr, usize)> {
        let pair = |left: &'t Expr, right: &'t Expr| match (left, without_casts(right)) {
            (value, Expr::SublinkColumn(column)) => Some((value, *column)),
            _ => None,
        };
        match test {
            Some(Expr::Call(call)) if self.catalog.equality.is_comparison(call.function) => {
                match call.arguments.as_slice() {
                    [left, right] => pair(left, right).into_iter().collect(),
                    _ => Vec::new(),
                }
            }
            Some(Expr::Boolean(_, tests)) => {
                let tests = tests.iter();
                tests
                    .flat_map(|test| self.compared_columns(Some(test)))
                    .collect()
            }
            Some(Expr::RowCompare { left, right, .. }) => {
                let pairs = left.iter().zip(right);
                pairs
                    .filter_map(|(left, right)| pair(left, right))
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The sides of an operator that puts values in order have values of the same key; a pattern has not.
    fn read_keys(&mut self, scope: &QueryScope<'t, '_>, function: u32, sides: &'t [Expr]) {
        if self.catalog.equality.is_comparison(function) {
            self.share_keys(scope, sides);
        }
    }

    fn share_keys(&mut self, scope: &QueryScope<'t, '_>, sides: &'t [Expr]) {
        if let [left, right] = sides {
            self.share_key(scope, left, right);
        }
    }

    fn share_key(&mut self, scope: &QueryScope<'t, '_>, left: &'t Expr, right: &'t Expr) {
        for (value, other) in [(left, right), (right, left)] {
            let key = self.keys.find_key(scope, Stage::Rows, other);
            self.meet_key(scope, value, key);
        }
    }

    fn meet_key(&mut self, scope: &QueryScope<'t, '_>, value: &'t Expr, key: Option<ColumnId>) {
        let values = self.values.find_parameters(scope, value);
        self.share_with(&values, key);
    }

    fn share_with(&mut self, values: &BTreeSet<ParameterValue>, key: Option<ColumnId>) {
        let Some(key) = key else { return };
        for value in values {
            if let Some(usage) = self.usage_of(value.parameter) {
                usage.keys.insert(key);
            }
        }
    }

    fn read_comparison(&mut self, scope: &QueryScope<'t, '_>, sides: &'t [Expr]) {
        if let [left, right] = sides {
            self.read_pair(scope, left, right);
        }
    }

    fn read_pair(&mut self, scope: &QueryScope<'t, '_>, left: &'t Expr, right: &'t Expr) {
        for (parameter, other) in [(left, right), (right, left)] {
            let (Expr::Parameter(number), Expr::Var(var)) = (bare(parameter), bare(other)) else {
                continue;
            };
            let name = column_name(scope, *var);
            if let (Some(usage), Some(name)) = (self.usage_of(*number), name) {
                usage.compared_name.get_or_insert(name);
            }
        }
    }

    fn mark_all_tested(&mut self, arguments: &[Expr]) {
        for argument in arguments {
            self.mark_tested(argument);
        }
    }

    fn mark_tested(&mut self, expr: &Expr) {
        if let Expr::Parameter(number) = without_casts(expr)
            && let Some(usage) = self.usage_of(*number)
        {
            usage.tested = true;
        }
    }
}

/// The OID of `boolean`.
pub(super) const BOOL: u32 = 16;

pub(super) fn without_casts(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Relabel(inner)
            | Expr::Convert(inner)
            | Expr::InputOutput {
                argument: inner, ..
            } => inner,
            Expr::Call(call) if call.form == CallForm::Cast && !call.arguments.is_empty() => {
                &call.arguments[0]
            }
            _ => return expr,
        };
    }
}

/// Without casts and functions of one argument, as in `lower(email) = lower($1)`.
fn bare(expr: &Expr) -> &Expr {
    let mut expr = without_casts(expr);
    while let Expr::Call(call) = expr
        // A prefix operator such as `-` or `~` changes the value, while a function like `lower`
        // only prepares it.
        && let ([argument], false) = (call.arguments.as_slice(), call.form == CallForm::Operator)
    {
        expr = without_casts(argument);
    }
    expr
}

fn column_name(scope: &QueryScope<'_, '_>, var: Var) -> Option<String> {
    let (_, relation) = scope.relation(var)?;
    let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
    relation.columns.get(index).cloned()
}
