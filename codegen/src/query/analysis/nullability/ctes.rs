//! WITH: a query's columns, and recursive ones by induction.
//!
//! A recursive query's rows come from its first arm, or from its second over rows that came
//! before. So columns are never NULL if both arms prove it under the assumption that they never
//! were in earlier rows. All are assumed first; those that fail are dropped until none does.

use super::super::scope::Scope;
use super::super::tree::{Cte, QueryTree};
use super::{Prover, Verdict, address};

impl<'t> Prover<'t> {
    pub(super) fn cte_column(&self, scope: &Scope<'t, '_>, cte: &'t Cte, column: usize) -> Verdict {
        let query = &cte.query;
        let scope = scope.inside(query);
        if !cte.recursive {
            return self.scope_column(&scope, column);
        }
        let proved = self.recursive_columns(&scope, query);
        let index = column.checked_sub(1);
        match index.and_then(|index| proved.get(index)) {
            Some(true) => Verdict::never(format!(
                "no step of the recursion `{}` gives NULL",
                cte.name
            )),
            _ => Verdict::maybe(format!(
                "a step of the recursion `{}` may give NULL",
                cte.name
            )),
        }
    }

    fn recursive_columns(&self, scope: &Scope<'t, '_>, query: &'t QueryTree) -> Vec<bool> {
        let key = address(query);
        if let Some(known) = self.assumed.borrow().get(&key) {
            return known.clone();
        }
        if let Some(known) = self.recursive.borrow().get(&key) {
            return known.clone();
        }
        let mut columns = vec![true; query.columns().count()];
        loop {
            self.assumed.borrow_mut().insert(key, columns.clone());
            let proved: Vec<bool> = (1..=columns.len())
                .map(|column| columns[column - 1] && !self.scope_column(scope, column).nullable)
                .collect();
            self.assumed.borrow_mut().remove(&key);
            if proved == columns {
                break;
            }
            columns = proved;
        }
        if self.assumed.borrow().is_empty() && !self.budget.is_spent() {
            self.recursive.borrow_mut().insert(key, columns.clone());
        }
        columns
    }
}
