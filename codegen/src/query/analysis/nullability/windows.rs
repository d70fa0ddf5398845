//! Window functions, and aggregates over window frames, which can be empty.

use super::super::catalog::Rule;
use super::super::tree::WindowCall;
use super::expression::Place;
use super::{Prover, Verdict};

/// `FRAMEOPTION_…` of `nodes/parsenodes.h`.
const STARTS_BEFORE_OR_AT_ROW: u32 = 0x20 | 0x200;
const ENDS_AT_OR_AFTER_ROW: u32 = 0x100 | 0x400;
const EXCLUDES: u32 = 0x8000 | 0x1_0000 | 0x2_0000;

impl<'t> Prover<'t> {
    pub(super) fn window(&self, place: Place<'t, '_>, call: &'t WindowCall) -> Verdict {
        let Some(function) = self.catalog.functions.get(&call.function) else {
            return Verdict::maybe("no proof: a window function that the catalog does not have");
        };
        let name = format!("`{}`", function.name);
        match function.rule {
            Rule::Always => return Verdict::never(format!("{name} never gives NULL")),
            Rule::Arguments => return self.all(place, &call.arguments, &name),
            Rule::Default if call.arguments.len() == 3 => {
                return self.all(place, &call.arguments, &name);
            }
            Rule::Default => {
                return Verdict::maybe(format!("{name} gives NULL where there is no such row"));
            }
            Rule::Rows | Rule::Values | Rule::Frame => {}
            _ => return Verdict::maybe(format!("no proof: {name} may return NULL")),
        }
        if call.filter.is_some() {
            return Verdict::maybe(format!("{name} gives NULL when FILTER lets no row through"));
        }
        let query = place.scope.query;
        let window = query
            .windows
            .iter()
            .find(|window| window.number == call.window);
        if !window.is_some_and(|window| holds_current_row(window.frame)) {
            return Verdict::maybe(format!("{name} gives NULL over an empty frame"));
        }
        match function.rule {
            Rule::Rows => Verdict::never(format!("{name} over a frame that holds the current row")),
            _ => self.all(place, call.arguments.get(..1).unwrap_or_default(), &name),
        }
    }
}

fn holds_current_row(frame: u32) -> bool {
    frame & STARTS_BEFORE_OR_AT_ROW != 0
        && frame & ENDS_AT_OR_AFTER_ROW != 0
        && frame & EXCLUDES == 0
}
