//! Window functions, and aggregates over window frames, which can be empty.

use super::expression::ExprPlace;
use super::{NullVerdict, NullabilityProver};
use crate::query::analysis::catalog::NotNullRule;
use crate::query::analysis::tree::{Expr, WindowCall};

/// `FRAMEOPTION_…` of `nodes/parsenodes.h`. EXCLUDE TIES keeps the current row.
const STARTS_BEFORE_OR_AT_ROW: u32 = 0x20 | 0x200;
const ENDS_AT_OR_AFTER_ROW: u32 = 0x100 | 0x400;
const EXCLUDES: u32 = 0x8000 | 0x1_0000;
/// So many rows or groups before or after, which cannot be negative. With RANGE it can go the
/// other way: `'1 month -31 days'` counts as positive.
const COUNTS: u32 = 0x4 | 0x8;
const STARTS_SOME_BEFORE: u32 = 0x800;
const ENDS_SOME_AFTER: u32 = 0x4000;

impl<'t> NullabilityProver<'t> {
    pub(super) fn window(&self, place: ExprPlace<'t, '_>, call: &'t WindowCall) -> NullVerdict {
        let Some(function) = self.catalog.functions.get(&call.function) else {
            return NullVerdict::maybe(
                "no proof: a window function that the catalog does not have",
            );
        };
        let name = format!("`{}`", function.name);
        match function.rule {
            NotNullRule::Always => return NullVerdict::never(format!("{name} never gives NULL")),
            NotNullRule::Arguments => return self.all(place, &call.arguments, &name),
            // `lag(value, offset, default)`: the default fills in beyond the partition, and a NULL
            // offset gives NULL.
            NotNullRule::Default if call.arguments.len() == 3 => {
                return self.all(other_row(place), &call.arguments, &name);
            }
            NotNullRule::Default => {
                return NullVerdict::maybe(format!("{name} gives NULL where there is no such row"));
            }
            NotNullRule::Rows | NotNullRule::Values | NotNullRule::Frame => {}
            _ => return NullVerdict::maybe(format!("no proof: {name} may return NULL")),
        }
        // Only aggregates accept FILTER here, and it may leave no row of the frame.
        if call.filter.is_some() {
            return NullVerdict::maybe(format!(
                "{name} gives NULL when FILTER lets no row through"
            ));
        }
        let query = place.scope.query;
        let window = query
            .windows
            .iter()
            .find(|window| window.number == call.window);
        // A frame that always holds the current row is never empty, and the row's own value is in
        // it.
        if !window.is_some_and(|window| holds_current_row(window.frame)) {
            return NullVerdict::maybe(format!("{name} gives NULL over an empty frame"));
        }
        match function.rule {
            NotNullRule::Rows => {
                NullVerdict::never(format!("{name} over a frame that holds the current row"))
            }
            // `first_value` takes the argument of another row of the frame, so facts about the
            // current row do not help.
            NotNullRule::Frame => self.all(other_row(place), first(call), &name),
            _ => self.all(place, first(call), &name),
        }
    }
}

fn first(call: &WindowCall) -> &[Expr] {
    call.arguments.get(..1).unwrap_or_default()
}

/// Where an argument is taken from another row, of which the branches of CASE around it say nothing, nor which side of a FULL
/// JOIN this row has.
fn other_row<'t, 's>(place: ExprPlace<'t, 's>) -> ExprPlace<'t, 's> {
    ExprPlace {
        branch: &[],
        present: &[],
        ..place
    }
}

fn holds_current_row(frame: u32) -> bool {
    // `ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING` may miss the current row; the bits say on which
    // side each end is.
    let (starts, ends) = match frame & COUNTS {
        0 => (STARTS_BEFORE_OR_AT_ROW, ENDS_AT_OR_AFTER_ROW),
        _ => (
            STARTS_BEFORE_OR_AT_ROW | STARTS_SOME_BEFORE,
            ENDS_AT_OR_AFTER_ROW | ENDS_SOME_AFTER,
        ),
    };
    frame & starts != 0 && frame & ends != 0 && frame & EXCLUDES == 0
}
