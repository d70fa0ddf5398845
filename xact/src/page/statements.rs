//! The statements of a `:page` query, whether its text has parts or not.

use super::key::KeyValue;
use super::query::{KeyColumn, PageQuery, ShapedPages};
use crate::arguments::Arguments;
use crate::query::Query;

/// The statements of one query.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Statements {
    /// A text for each.
    Plain(&'static PageQuery),
    /// Alternatives of a text with parts.
    Shaped(&'static ShapedPages),
}

/// One of the statements.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    First,
    Last,
    /// The number is that of the nullable keys that are NULL in the cursor, as bits from the lowest.
    After(usize),
    Before(usize),
}

/// The place of the total among the alternatives.
const TOTAL: u32 = 2;

impl Statements {
    /// The query for errors.
    pub(super) fn query(self) -> &'static Query {
        match self {
            Self::Plain(page) => &page.first,
            Self::Shaped(pages) => &pages.total,
        }
    }

    /// The key of the order that was chosen, and the fingerprint of its cursors.
    pub(super) fn order(self, arguments: &Arguments) -> (&'static [KeyColumn], u64) {
        match self {
            Self::Plain(page) => (page.key, page.fingerprint),
            Self::Shaped(pages) => {
                let order = pages.order(arguments);
                order.map_or((&[], 0), |order| (order.key, order.fingerprint))
            }
        }
    }

    /// The arguments for one statement; none if there is no such statement. `values` are those of the cursor.
    pub(super) fn choose(
        self,
        which: Which,
        arguments: Arguments,
        limit: i64,
        values: Vec<KeyValue<'_>>,
    ) -> Option<Arguments> {
        match self {
            Self::Plain(page) => {
                let statement = match which {
                    Which::First => &page.first,
                    Which::Last => &page.last,
                    Which::After(nulls) => page.after.get(nulls)?,
                    Which::Before(nulls) => page.before.get(nulls)?,
                };
                let arguments = arguments.for_statement(statement).push(limit);
                let given = values.into_iter().filter(|value| value.0.is_some());
                Some(given.fold(arguments, Arguments::push))
            }
            Self::Shaped(pages) => {
                let place = pages.place(which)?;
                let order = pages.order(&arguments)?;
                let chosen = pages.take(arguments, place).skip_to(pages.limit);
                let chosen = chosen.push(limit).skip_to(order.parameter);
                // The variant has no parameter for a value that is NULL.
                Some(values.into_iter().fold(chosen, Arguments::push))
            }
        }
    }

    /// The arguments for the total, and the query with its columns.
    pub(super) fn count(self, arguments: &Arguments) -> (Arguments, &'static Query) {
        match self {
            Self::Plain(page) => (arguments.copy().for_statement(&page.total), &page.total),
            Self::Shaped(pages) => (pages.take(arguments.copy(), TOTAL), &pages.total),
        }
    }
}

impl ShapedPages {
    fn order(&self, arguments: &Arguments) -> Option<&'static super::PageOrder> {
        let choices = arguments.choices();
        let mut orders = self.orders.iter();
        orders.find(|order| choices & order.choice == order.choice)
    }

    /// The place of a statement among the alternatives.
    fn place(&self, which: Which) -> Option<u32> {
        let seek = |nulls: usize| {
            let nulls = u32::try_from(nulls).ok();
            nulls.filter(|nulls| *nulls < self.seeks)
        };
        Some(match which {
            Which::First => 0,
            Which::Last => 1,
            Which::After(nulls) => TOTAL + 1 + seek(nulls)?,
            Which::Before(nulls) => TOTAL + 1 + self.seeks + seek(nulls)?,
        })
    }

    /// The same choices of parts and order with another of the alternatives.
    fn take(&'static self, arguments: Arguments, place: u32) -> Arguments {
        arguments.for_variant(self.query, |choices| {
            // Clears the choice that was made before: exactly one bit of the group may be set.
            let group = (1 << (TOTAL + 1 + 2 * self.seeks)) - 1;
            choices & !(group << self.group) | 1 << (self.group + place)
        })
    }
}
