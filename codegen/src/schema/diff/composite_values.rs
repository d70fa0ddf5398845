//! Values of composite types whose fields have another order or other names.
//!
//! Given: the type of a column before and after. Gives: the expression that converts a value field by field. Other values are
//! converted through their text, which lists the fields by position: it has no names.

use super::comparison::Comparison;
use super::composites::same_fields;
use super::element_functions::{ElementFunction, name_function};
use super::renamed_types::current_type;
use super::retype::convert_expression;
use crate::schema::Schema;
use crate::schema::model::{Column, Composite, Domain, ObjectId};

/// How the values of a column are converted to another type, or to the recreated one of the same name.
pub(super) enum FieldConversion {
    /// Their text is that of the same value of the new type.
    ByText,
    /// By this expression.
    ByField(ConvertedValue),
    /// There is no expression.
    Impossible,
}

/// An expression, and the functions that it calls.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct ConvertedValue {
    pub(super) expression: String,
    /// Those that others call come first.
    pub(super) functions: Vec<ElementFunction>,
}

impl ConvertedValue {
    /// The statement, between those that create its functions and those that drop them.
    pub(super) fn around(&self, statement: &str) -> String {
        let create = self.functions.iter().map(ElementFunction::create);
        let drop = self.functions.iter().rev().map(ElementFunction::drop);
        let before: String = create.collect();
        let after: String = drop.collect();
        before + statement + &after
    }
}

/// How to convert `value` between these types, of which the first is that of the old schema.
pub(super) fn convert_fields(
    comparison: &Comparison<'_>,
    value: &str,
    types: (&str, &str),
) -> FieldConversion {
    if !moves_fields(comparison, types) {
        return FieldConversion::ByText;
    }
    let mut functions = Vec::new();
    match convert_value(comparison, value, types, &mut functions) {
        Some(expression) => FieldConversion::ByField(ConvertedValue {
            expression,
            functions,
        }),
        None => FieldConversion::Impossible,
    }
}

/// Fields whose values are lost or cut where values are converted field by field, described.
pub(super) fn describe_lost_fields(old: &Composite, new: &Composite) -> Option<String> {
    if same_fields(&old.fields, &new.fields) {
        return None;
    }
    let is_kept = |field: &&Column| {
        let mut others = new.fields.iter();
        others.any(|other| other.name == field.name && other.data_type == field.data_type)
    };
    let lost = old.fields.iter().filter(|field| !is_kept(field));
    let lost: Vec<&str> = lost.map(|field| field.sql.as_str()).collect();
    (!lost.is_empty()).then(|| {
        format!(
            "the values of {} of {}, as far as the new type does not hold them",
            lost.join(", "),
            old.name.sql
        )
    })
}

/// Whether the text of a value of the one type would be read as the other with a field at another position. Postgres lets no
/// type contain itself, so this ends.
fn moves_fields(comparison: &Comparison<'_>, (from, to): (&str, &str)) -> bool {
    if from == to && !is_recreated(comparison, from) {
        return false;
    }
    if let Some(domain) = find_domain(comparison.old, from) {
        return moves_fields(comparison, (&domain.base, to));
    }
    if let Some(to) = to.strip_suffix("[]") {
        let from = from.strip_suffix("[]").unwrap_or(from);
        return moves_fields(comparison, (from, to));
    }
    if let Some(domain) = find_domain(comparison.new, to) {
        return moves_fields(comparison, (from, &domain.base));
    }
    let (old, new) = (
        find_fields(comparison.old, from),
        find_fields(comparison.new, to),
    );
    let (Some(old), Some(new)) = (old, new) else {
        return false;
    };
    let mut kept = old
        .iter()
        .filter_map(|field| Some((field, find_field(new, field)?)));
    // Another type without a field of the same name is read by position, as one whose fields were all renamed.
    if !same_fields(old, new) && (from == to || kept.clone().next().is_some()) {
        return true;
    }
    kept.any(|(old, new)| moves_fields(comparison, (&old.data_type, &new.data_type)))
}

/// The expression that converts `value` between these types, if there is one.
fn convert_value(
    comparison: &Comparison<'_>,
    value: &str,
    (from, to): (&str, &str),
    functions: &mut Vec<ElementFunction>,
) -> Option<String> {
    if !moves_fields(comparison, (from, to)) {
        return Some(convert_by_text(comparison, value, (from, to)));
    }
    if let Some(domain) = find_domain(comparison.old, from) {
        return match find_domain(comparison.new, to) {
            Some(new) => {
                let bases = (domain.base.as_str(), new.base.as_str());
                let value = convert_value(comparison, value, bases, functions)?;
                Some(format!("({value})::{to}"))
            }
            None => convert_value(comparison, value, (&domain.base, to), functions),
        };
    }
    if let Some(element) = to.strip_suffix("[]") {
        return convert_array(comparison, value, (from, element), functions);
    }
    if let Some(domain) = find_domain(comparison.new, to) {
        let value = convert_value(comparison, value, (from, &domain.base), functions)?;
        return Some(format!("({value})::{to}"));
    }
    convert_row(comparison, value, (from, to), functions)
}

/// The expression for an array of `element`, from one of another type or from a single element.
fn convert_array(
    comparison: &Comparison<'_>,
    value: &str,
    (from, element): (&str, &str),
    functions: &mut Vec<ElementFunction>,
) -> Option<String> {
    let Some(former) = from.strip_suffix("[]") else {
        let element = convert_value(comparison, value, (from, element), functions)?;
        return Some(format!("ARRAY[{element}]"));
    };
    let types = (former, element);
    let function = ElementFunction {
        name: name_function(comparison, types),
        from: current_type(comparison, former),
        to: element.to_owned(),
        expression: convert_value(comparison, "element", types, functions)?,
    };
    let call = format!("{}({value})", function.name);
    // Each is created once.
    if !functions.contains(&function) {
        functions.push(function);
    }
    Some(call)
}

/// The expression for a value whose text is that of the other type.
pub(super) fn convert_by_text(
    comparison: &Comparison<'_>,
    value: &str,
    (from, to): (&str, &str),
) -> String {
    let element = from.trim_end_matches("[]");
    let array = &from[element.len()..];
    match (from == to, is_recreated(comparison, element)) {
        (true, false) => value.to_owned(),
        (true, true) => format!("{value}::text{array}::{to}"),
        // The element has another name for a moment.
        (false, true) if to.strip_suffix("[]") == Some(from) => {
            format!("ARRAY[{value}::text]::{to}")
        }
        (false, _) => convert_expression(value, (from, to)),
    }
}

fn convert_row(
    comparison: &Comparison<'_>,
    value: &str,
    (from, to): (&str, &str),
    functions: &mut Vec<ElementFunction>,
) -> Option<String> {
    let (old, new) = (
        find_fields(comparison.old, from)?,
        find_fields(comparison.new, to)?,
    );
    let fields = new.iter().map(|field| {
        let Some(former) = find_field(old, field) else {
            return Some("NULL".to_owned());
        };
        let value = format!("({value}).{}", former.sql);
        let types = (former.data_type.as_str(), field.data_type.as_str());
        convert_value(comparison, &value, types, functions)
    });
    let fields: Vec<String> = fields.collect::<Option<_>>()?;
    // `IS NOT NULL` would be false for a row with one field that is NULL (Row and Array Comparisons).
    Some(format!(
        "CASE WHEN {value} IS DISTINCT FROM NULL THEN ROW({})::{to} END",
        fields.join(", ")
    ))
}

/// Whether the type, or that of the elements, is recreated under its name.
pub(super) fn is_recreated(comparison: &Comparison<'_>, name: &str) -> bool {
    let id = ObjectId::data_type(name.trim_end_matches("[]"));
    comparison.fates.is_gone(&id) && comparison.after.has(&id)
}

fn find_field<'c>(fields: &'c [Column], field: &Column) -> Option<&'c Column> {
    fields.iter().find(|other| other.name == field.name)
}

/// The fields of a composite type, or the columns of a relation, whose row type has its name.
fn find_fields<'s>(schema: &'s Schema, name: &str) -> Option<&'s [Column]> {
    let composites = schema.composites.iter();
    let composites = composites.map(|item| (&item.name, item.fields.as_slice()));
    let tables = schema.tables.iter();
    let tables = tables.map(|item| (&item.name, item.columns.as_slice()));
    let views = schema.views.iter();
    let views = views.map(|item| (&item.name, item.columns.as_slice()));
    let mut all = composites.chain(tables).chain(views);
    all.find(|(known, _)| known.sql == name)
        .map(|(_, fields)| fields)
}

fn find_domain<'s>(schema: &'s Schema, name: &str) -> Option<&'s Domain> {
    let mut domains = schema.domains.iter();
    domains.find(|domain| domain.name.sql == name)
}
