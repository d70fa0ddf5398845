//! Where each parameter stands in a tree: what it is assigned to, compared with, tested for.

use super::super::catalog::Catalog;
use super::super::origin;
use super::super::scope::Scope;
use super::super::tree::{
    self, CallForm, Expr, QueryTree, RelationKind, SetTree, Statement, Target, Var,
};

/// What is known of one parameter.
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
}

impl Usage {
    /// The column it meets, if that can be the name of a parameter.
    pub(super) fn name(&self) -> Option<String> {
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
        self.tested || self.to_nullable && !self.to_not_null
    }
}

/// The usage of each of `count` parameters.
pub(super) fn of(tree: &QueryTree, catalog: &Catalog, count: usize) -> Vec<Usage> {
    let mut reader = Reader {
        catalog,
        usages: vec![Usage::default(); count],
    };
    reader.query(&Scope::outermost(tree));
    reader.usages
}

struct Reader<'t> {
    catalog: &'t Catalog,
    usages: Vec<Usage>,
}

impl<'t> Reader<'t> {
    fn query(&mut self, scope: &Scope<'t, '_>) {
        let query = scope.query;
        for cte in query.ctes.iter().filter_map(|cte| cte.query.as_ref()) {
            self.query(&scope.inside(cte));
        }
        for relation in &query.relations {
            if let RelationKind::Subquery(subquery) = &relation.kind {
                self.query(&scope.inside(subquery));
            }
        }
        if matches!(query.statement, Statement::Insert | Statement::Update) {
            self.assignments(scope, &query.targets);
        }
        self.assignments(scope, &query.assignments);
        tree::every_expression(query, &mut |expr| self.expression(scope, expr));
        self.named(query.limit.as_ref(), "limit");
        self.named(query.offset.as_ref(), "offset");
    }

    fn usage(&mut self, parameter: usize) -> Option<&mut Usage> {
        self.usages.get_mut(parameter.checked_sub(1)?)
    }

    fn named(&mut self, expr: Option<&Expr>, name: &str) {
        let Some(Expr::Parameter(number)) = expr.map(bare) else {
            return;
        };
        if let Some(usage) = self.usage(*number) {
            usage.compared_name.get_or_insert_with(|| name.to_owned());
        }
    }

    fn assignments(&mut self, scope: &Scope<'t, '_>, targets: &'t [Target]) {
        let relation = scope.query.relation(scope.query.result_relation);
        let Some(RelationKind::Table { oid, .. }) = relation.map(|relation| &relation.kind) else {
            return;
        };
        for target in targets.iter().filter(|target| !target.junk) {
            let not_null = self.is_not_null(*oid, target.number);
            let mut parameters = Vec::new();
            values(scope, &target.expr, &mut parameters);
            for number in parameters {
                if let Some(usage) = self.usage(number) {
                    usage
                        .assigned_name
                        .get_or_insert_with(|| target.name.clone());
                    usage.to_not_null |= not_null;
                    usage.to_nullable |= !not_null;
                }
            }
        }
    }

    fn is_not_null(&self, oid: u32, column: usize) -> bool {
        let column = i32::try_from(column).unwrap_or(0);
        let origin = origin::of_table(oid, column, self.catalog);
        origin.is_some_and(|(oid, column)| {
            let table = self.catalog.tables.get(&oid);
            let column = table.and_then(|table| table.columns.get(&i32::from(column)));
            column.is_some_and(|column| column.not_null)
        })
    }

    fn expression(&mut self, scope: &Scope<'t, '_>, expr: &'t Expr) {
        match expr {
            Expr::Call(call) if call.form == CallForm::Operator && call.result == BOOL => {
                self.comparison(scope, &call.arguments);
            }
            Expr::AnyArray { arguments, .. } | Expr::NullIf(arguments) => {
                self.comparison(scope, arguments);
            }
            Expr::Distinct(arguments) => {
                self.comparison(scope, arguments);
                self.all_tested(arguments);
            }
            Expr::NullTest { argument, .. } => self.tested(argument),
            Expr::Coalesce(arguments) => self.all_tested(arguments),
            Expr::Sublink(sublink) => self.query(&scope.inside(&sublink.query)),
            _ => {}
        }
    }

    fn comparison(&mut self, scope: &Scope<'t, '_>, sides: &'t [Expr]) {
        let [left, right] = sides else { return };
        for (parameter, other) in [(left, right), (right, left)] {
            let (Expr::Parameter(number), Expr::Var(var)) = (bare(parameter), bare(other)) else {
                continue;
            };
            let name = column_name(scope, *var);
            if let (Some(usage), Some(name)) = (self.usage(*number), name) {
                usage.compared_name.get_or_insert(name);
            }
        }
    }

    fn all_tested(&mut self, arguments: &[Expr]) {
        for argument in arguments {
            self.tested(argument);
        }
    }

    fn tested(&mut self, expr: &Expr) {
        if let Expr::Parameter(number) = without_casts(expr)
            && let Some(usage) = self.usage(*number)
        {
            usage.tested = true;
        }
    }
}

/// The OID of `boolean`.
const BOOL: u32 = 16;

/// The parameters whose value an assigned expression is, through VALUES and subqueries.
fn values(scope: &Scope<'_, '_>, expr: &Expr, parameters: &mut Vec<usize>) {
    match without_casts(expr) {
        Expr::Parameter(number) => parameters.push(*number),
        Expr::Var(var) if var.levels_up == 0 => {
            let index = usize::try_from(var.column)
                .ok()
                .and_then(|column| column.checked_sub(1));
            let relation = scope.query.relation(var.relation);
            let (Some(index), Some(relation)) = (index, relation) else {
                return;
            };
            match &relation.kind {
                RelationKind::Values(rows) => {
                    for value in rows.iter().filter_map(|row| row.get(index)) {
                        values(scope, value, parameters);
                    }
                }
                RelationKind::Subquery(query) => {
                    column_values(&scope.inside(query), index + 1, parameters);
                }
                _ => {}
            }
        }
        _ => {}
    }
}

fn column_values(scope: &Scope<'_, '_>, column: usize, parameters: &mut Vec<usize>) {
    if let Some(operations) = &scope.query.set_operations {
        return arms(scope, operations, column, parameters);
    }
    if let Some(target) = scope.query.columns().find(|target| target.number == column) {
        values(scope, &target.expr, parameters);
    }
}

fn arms(scope: &Scope<'_, '_>, operations: &SetTree, column: usize, parameters: &mut Vec<usize>) {
    match operations {
        SetTree::Relation(number) => {
            let relation = scope.query.relation(*number).map(|relation| &relation.kind);
            if let Some(RelationKind::Subquery(query)) = relation {
                column_values(&scope.inside(query), column, parameters);
            }
        }
        SetTree::Operation(_, left, right) => {
            arms(scope, left, column, parameters);
            arms(scope, right, column, parameters);
        }
    }
}

fn without_casts(mut expr: &Expr) -> &Expr {
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
        && let ([argument], false) = (call.arguments.as_slice(), call.form == CallForm::Operator)
    {
        expr = without_casts(argument);
    }
    expr
}

fn column_name(scope: &Scope<'_, '_>, var: Var) -> Option<String> {
    let (_, relation) = scope.relation(var)?;
    let index = usize::try_from(var.column).ok()?.checked_sub(1)?;
    relation.columns.get(index).cloned()
}
