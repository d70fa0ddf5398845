//! The parts and orders of a query.

use crate::query::{Query, choose_variants, count_variants};
use serde::Serialize;

/// A switch, with the parts that it turns on.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedSwitch {
    /// The parameter or flag.
    pub switch: String,
    /// Whether it is a parameter, which turns the parts on if it is given; otherwise it is a flag.
    pub is_parameter: bool,
    /// The parts, as written.
    pub sql: Vec<String>,
    /// The comment above the first of them.
    pub docs: Vec<String>,
}

/// An order that the caller can choose.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainedOrder {
    /// As written.
    pub name: String,
    /// Its expressions, as written.
    pub sql: String,
}

/// How many variants a query has.
#[derive(Clone, Debug, Serialize)]
pub struct Variants {
    /// Of all choices; none if there are too many to count.
    pub count: Option<usize>,
    /// How many of them were prepared and analysed.
    pub checked: usize,
}

pub(super) fn list_parts(query: &Query) -> Vec<ExplainedSwitch> {
    let switches = query.shape.iter().flat_map(|shape| &shape.switches);
    switches
        .map(|switch| ExplainedSwitch {
            switch: switch.name.clone(),
            is_parameter: switch.is_parameter,
            sql: switch.parts.clone(),
            docs: switch.docs.clone(),
        })
        .collect()
}

pub(super) fn list_orders(query: &Query) -> Vec<ExplainedOrder> {
    let orders = query.shape.iter().flat_map(|shape| &shape.orders);
    orders
        .map(|order| ExplainedOrder {
            name: order.name.clone(),
            sql: order.sql.clone(),
        })
        .collect()
}

pub(super) fn count(query: &Query) -> Option<Variants> {
    let shape = query.shape.as_deref()?;
    Some(Variants {
        count: count_variants(shape),
        checked: choose_variants(shape).len() + 1,
    })
}
