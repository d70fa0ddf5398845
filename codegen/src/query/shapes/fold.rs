//! The variants of a query into the query: a column may be NULL if it may be in one of them, a scope may run it if it may run
//! all of them, and so on; types that differ are diagnostics that name the variant.

use super::shape::Shape;
use super::variants::choose_variants;
use crate::query::analysis::{
    Cardinality, Evidence, PageOrder, Record, Tables, Typed, TypedColumn, TypedParameter,
};
use crate::query::{Authorised, QueryPlace, ScopeVerdict, TypeCatalog};
use crate::report::diagnostic::Diagnostic;
use std::collections::{BTreeSet, HashMap};

/// Folds the variants, which follow the queries, into these. A query of which a variant was refused is left out, because its
/// diagnostic was reported.
pub fn fold_variants(
    queries: Vec<Authorised>,
    types: &TypeCatalog,
) -> (Vec<Authorised>, Vec<Diagnostic>) {
    let is_whole = |query: &Authorised| {
        query
            .query
            .variant
            .as_ref()
            .is_none_or(|v| v.description.is_none())
    };
    let (wholes, variants): (Vec<_>, Vec<_>) = queries.into_iter().partition(is_whole);
    // By place, because two queries of one name are an error that is reported beside those of each.
    let mut by_place: HashMap<QueryPlace, Vec<Authorised>> = HashMap::new();
    for variant in variants {
        by_place
            .entry(variant.query.place())
            .or_default()
            .push(variant);
    }
    let (mut folded, mut diagnostics) = (Vec::new(), Vec::new());
    for whole in wholes {
        let Some(shape) = whole.query.shape.clone() else {
            folded.push(whole);
            continue;
        };
        let variants = by_place.remove(&whole.query.place()).unwrap_or_default();
        if variants.len() != choose_variants(&shape).len() {
            continue;
        }
        match fold_query(whole, variants, &shape, types) {
            Ok(query) => folded.push(query),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    (folded, diagnostics)
}

fn fold_query(
    mut whole: Authorised,
    variants: Vec<Authorised>,
    shape: &Shape,
    types: &TypeCatalog,
) -> Result<Authorised, Diagnostic> {
    let mut parameters: Vec<Option<TypedParameter>> = vec![None; shape.parameters.len()];
    fold_parameters(&mut parameters, &whole.typed, shape, types)?;
    let mut page_orders = vec![None; shape.orders.len().max(1)];
    fold_page_orders(&mut page_orders, &whole.typed, shape)?;
    for variant in variants {
        fold_parameters(&mut parameters, &variant.typed, shape, types)?;
        fold_columns(&mut whole.typed, &variant.typed, types)?;
        let Typed {
            embedded,
            cardinality,
            tables,
            ..
        } = variant.typed.clone();
        for (row, other) in whole.typed.embedded.iter_mut().zip(embedded) {
            row.optional |= other.optional;
        }
        let weakest = weakest_of(&whole.typed.cardinality, &cardinality);
        whole.typed.cardinality = weakest;
        // Unknown for one variant is unknown for the whole.
        whole.typed.tables = match (whole.typed.tables.take(), tables) {
            (Some(tables), Some(others)) => Some(unite(tables, others)),
            _ => None,
        };
        fold_scopes(&mut whole.scopes, &variant);
        whole.typed.is_settled &= variant.typed.is_settled;
        fold_page_orders(&mut page_orders, &variant.typed, shape)?;
    }
    let page_orders: Option<Vec<PageOrder>> = page_orders.into_iter().collect();
    whole.typed.page_orders = page_orders.unwrap_or_default();
    let missing = parameters.iter().position(Option::is_none);
    if let Some(parameter) = missing.and_then(|index| shape.parameters.get(index)) {
        let message = "this parameter is in no variant that can be sent";
        let span = parameter.span.clone();
        let help = "switch the part that it is in by parameters that can be given together";
        return Err(Diagnostic::error("part-parameter", span, message).help(help));
    }
    whole.typed.parameters = parameters.into_iter().flatten().collect();
    whole.typed.query.parameters.clone_from(&shape.parameters);
    Ok(whole)
}

/// The order of a variant's pages, among those of the query's named orders.
fn fold_page_orders(
    known: &mut [Option<PageOrder>],
    variant: &Typed,
    shape: &Shape,
) -> Result<(), Diagnostic> {
    let choices = variant.query.variant.as_ref().map(|found| found.choices);
    let chosen = choices.map_or(0, |choices| shape.order_of(choices));
    let (Some(place), Some(order)) = (known.get_mut(chosen), variant.page_orders.first()) else {
        return Ok(());
    };
    if place.get_or_insert_with(|| order.clone()).weaken(order) {
        return Ok(());
    }
    let message = "the variants of this query sort by different columns in one order";
    let span = variant.query.name_span.clone();
    let diagnostic = Diagnostic::error("page-order", span, message);
    let help = "leave ORDER BY out of the parts, or name two orders: `-- order name: …`";
    Err(variant.query.in_variant(diagnostic).help(help))
}

/// The parameters of a variant; one that was known before has to have the same type.
fn fold_parameters(
    known: &mut [Option<TypedParameter>],
    variant: &Typed,
    shape: &Shape,
    types: &TypeCatalog,
) -> Result<(), Diagnostic> {
    let own = variant
        .query
        .variant
        .iter()
        .flat_map(|variant| &variant.parameters);
    for (index, parameter) in own.zip(&variant.parameters) {
        let Some(place) = known.get_mut(*index) else {
            continue;
        };
        let Some(before) = place else {
            *place = Some(parameter.clone());
            continue;
        };
        if before.type_oid != parameter.type_oid {
            let message = format!(
                "`:{}` is of type `{}` in one variant and of type `{}` in another",
                parameter.name,
                type_name(before.type_oid, types),
                type_name(parameter.type_oid, types)
            );
            let span = shape.parameters[*index].span.clone();
            let diagnostic = Diagnostic::error("variant-types", span, message);
            let help = format!(
                "cast it where it is used: `:{}::{}`",
                parameter.name,
                type_name(before.type_oid, types)
            );
            return Err(variant.query.in_variant(diagnostic).help(help));
        }
        // NULL may be passed only where every variant takes it.
        before.nullable &= parameter.nullable;
        before.elements_nullable &= parameter.elements_nullable;
        // An origin that holds for some variants only is none.
        before.origin = before
            .origin
            .filter(|origin| Some(*origin) == parameter.origin);
        before.key = before.key.filter(|key| Some(*key) == parameter.key);
        before.met.extend(&parameter.met);
    }
    Ok(())
}

fn type_name(oid: u32, types: &TypeCatalog) -> String {
    let found = types.get(oid);
    found.map_or_else(|| oid.to_string(), |found| found.sql_name.clone())
}

fn fold_columns(whole: &mut Typed, variant: &Typed, types: &TypeCatalog) -> Result<(), Diagnostic> {
    let refuse = |message: String| {
        let span = whole.query.name_span.clone();
        let diagnostic = Diagnostic::error("variant-types", span, message);
        let help = "select the same columns of the same types in every variant; a part may decide about the value: \
            `CASE WHEN :flag THEN … END`";
        Err(variant.query.in_variant(diagnostic).help(help))
    };
    if whole.columns.len() != variant.columns.len() {
        return refuse(format!(
            "the statement gives {} columns, and a variant of it {}",
            whole.columns.len(),
            variant.columns.len()
        ));
    }
    if whole.embedded.len() != variant.embedded.len() {
        return refuse("a variant of the statement gives other rows in its row".to_owned());
    }
    let pairs = whole.columns.iter().zip(&variant.columns);
    for (column, other) in pairs {
        if column.label != other.label {
            return refuse(format!(
                "column `{}` is `{}` in a variant",
                column.label, other.label
            ));
        }
        if column.type_oid != other.type_oid {
            return refuse(format!(
                "column `{}` is of type `{}`, and of type `{}` in a variant",
                column.label,
                type_name(column.type_oid, types),
                type_name(other.type_oid, types)
            ));
        }
    }
    let description = variant
        .query
        .variant
        .as_ref()
        .and_then(|variant| variant.description.clone());
    let description = description.unwrap_or_default();
    for (column, other) in whole.columns.iter_mut().zip(&variant.columns) {
        weaken_column(column, other, &description);
    }
    Ok(())
}

/// A column is as weak as in its weakest variant.
fn weaken_column(column: &mut TypedColumn, other: &TypedColumn, description: &str) {
    if other.nullable && !column.nullable {
        column.nullable = true;
        column.evidence = in_variant(other.evidence.clone(), description);
    }
    column.elements_nullable |= other.elements_nullable;
    column.dimensions |= other.dimensions;
    column.origin = column.origin.filter(|origin| Some(*origin) == other.origin);
    column.key = column.key.filter(|key| Some(*key) == other.key);
    let record = column.record.take();
    column.record =
        record.and_then(|record| weaken_record(record, other.record.as_ref()?, description));
}

/// The fields of a row inside of a value, if all variants have the same ones.
fn weaken_record(mut record: Record, other: &Record, description: &str) -> Option<Record> {
    let same = record.columns.len() == other.columns.len()
        && record
            .columns
            .iter()
            .zip(&other.columns)
            .all(|(one, other)| one.type_oid == other.type_oid && one.name == other.name);
    for (field, other) in record.columns.iter_mut().zip(&other.columns) {
        weaken_column(field, other, description);
    }
    record.named &= other.named;
    same.then_some(record)
}

fn in_variant(evidence: Evidence, description: &str) -> Evidence {
    evidence.explain(format!("in the variant {description}"))
}

fn weakest_of(one: &Cardinality, other: &Cardinality) -> Cardinality {
    match (one, other) {
        (Cardinality::Unknown, _) | (_, Cardinality::Unknown) => Cardinality::Unknown,
        (_, Cardinality::AtMostOne { .. }) => other.clone(),
        (_, Cardinality::ExactlyOne { .. }) => one.clone(),
    }
}

fn unite(mut tables: Tables, others: Tables) -> Tables {
    let unite = |own: Vec<String>, others: Vec<String>| {
        let all: BTreeSet<String> = own.into_iter().chain(others).collect();
        all.into_iter().collect()
    };
    tables.reads = unite(tables.reads, others.reads);
    tables.writes = unite(tables.writes, others.writes);
    for privilege in others.privileges {
        if !tables.privileges.contains(&privilege) {
            tables.privileges.push(privilege);
        }
    }
    for change in others.changes {
        if !tables.changes.contains(&change) {
            tables.changes.push(change);
        }
    }
    tables
}

/// A scope may run the query if it may run every variant.
fn fold_scopes(scopes: &mut [ScopeVerdict], variant: &Authorised) {
    let description = variant
        .query
        .variant
        .as_ref()
        .and_then(|variant| variant.description.clone());
    for (verdict, other) in scopes.iter_mut().zip(&variant.scopes) {
        if verdict.allowed && !other.allowed {
            let reason = other.reason.clone().unwrap_or_default();
            let description = description.as_deref().unwrap_or_default();
            *verdict = ScopeVerdict {
                reason: Some(format!("{reason}, in the variant {description}")),
                ..other.clone()
            };
        }
        for privilege in &other.missing {
            if !verdict.missing.contains(privilege) {
                verdict.missing.push(privilege.clone());
            }
        }
    }
}
