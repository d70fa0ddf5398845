//! Values of composite types whose fields have another order or other names.
//!
//! Given: a column whose type is recreated under its name. Gives: the expression that converts a value field by field. Other
//! values are converted through their text, which lists the fields by position: it has no names.

use super::comparison::Comparison;
use super::composites::same_fields;
use super::retype::convert_expression;
use crate::schema::model::{Column, Composite, Domain, ObjectId};

/// How the values of a column of a recreated type are converted.
pub(super) enum FieldConversion {
    /// Their text is that of the same value of the new type.
    ByText,
    /// By this expression.
    ByField(String),
    /// There is no expression.
    Impossible,
}

/// How to convert the values of the column, whose type has the same name in both schemas.
pub(super) fn convert_fields(comparison: &Comparison<'_>, column: &Column) -> FieldConversion {
    let data_type = column.data_type.as_str();
    if !moves_fields(comparison, data_type) {
        return FieldConversion::ByText;
    }
    let types = (data_type, data_type);
    match convert_value(comparison, &column.sql, types) {
        Some(expression) => FieldConversion::ByField(expression),
        None => FieldConversion::Impossible,
    }
}

/// Fields whose values are lost or cut where values are converted field by field, described.
pub(super) fn describe_lost_fields(old: &Composite, new: &Composite) -> Option<String> {
    if same_fields(old, new) {
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

/// Whether a value of this type has a field at another position. Postgres lets no type contain itself, so this ends.
fn moves_fields(comparison: &Comparison<'_>, data_type: &str) -> bool {
    let element = data_type.trim_end_matches("[]");
    if !is_recreated(comparison, element) {
        return false;
    }
    if let Some((old, new)) = find_composites(comparison, element) {
        let inner = old.fields.iter().any(|field| {
            let kept = find_field(new, field).is_some();
            kept && moves_fields(comparison, &field.data_type)
        });
        return inner || !same_fields(old, new);
    }
    find_domain(comparison, element).is_some_and(|domain| moves_fields(comparison, &domain.base))
}

/// The expression that converts `value` between these types, if there is one.
fn convert_value(
    comparison: &Comparison<'_>,
    value: &str,
    (from, to): (&str, &str),
) -> Option<String> {
    if from != to {
        // A row of other fields would be read by their positions.
        return (!moves_fields(comparison, from)).then(|| convert_expression(value, (from, to)));
    }
    if !moves_fields(comparison, from) {
        let element = from.trim_end_matches("[]");
        let is_recreated = is_recreated(comparison, element);
        let array = &from[element.len()..];
        return Some(if is_recreated {
            format!("{value}::text{array}::{to}")
        } else {
            value.to_owned()
        });
    }
    if let Some((old, new)) = find_composites(comparison, from) {
        return convert_row(comparison, value, (old, new));
    }
    // USING takes no subquery, which the elements of an array would need: no domain has the name of one.
    let domain = find_domain(comparison, from)?;
    let base = (domain.base.as_str(), domain.base.as_str());
    let value = convert_value(comparison, value, base)?;
    Some(format!("({value})::{to}"))
}

fn convert_row(
    comparison: &Comparison<'_>,
    value: &str,
    (old, new): (&Composite, &Composite),
) -> Option<String> {
    let fields = new.fields.iter().map(|field| {
        let Some(former) = find_field(old, field) else {
            return Some("NULL".to_owned());
        };
        let value = format!("({value}).{}", former.sql);
        convert_value(comparison, &value, (&former.data_type, &field.data_type))
    });
    let fields: Vec<String> = fields.collect::<Option<_>>()?;
    let name = &new.name.sql;
    // `IS NOT NULL` would be false for a row with one field that is NULL (Row and Array Comparisons).
    Some(format!(
        "CASE WHEN {value} IS DISTINCT FROM NULL THEN ROW({})::{name} END",
        fields.join(", ")
    ))
}

fn is_recreated(comparison: &Comparison<'_>, name: &str) -> bool {
    let id = ObjectId::data_type(name);
    comparison.fates.is_gone(&id) && comparison.after.has(&id)
}

fn find_field<'c>(composite: &'c Composite, field: &Column) -> Option<&'c Column> {
    let mut fields = composite.fields.iter();
    fields.find(|other| other.name == field.name)
}

fn find_composites<'a>(
    comparison: &Comparison<'a>,
    name: &str,
) -> Option<(&'a Composite, &'a Composite)> {
    let (mut old, mut new) = (
        comparison.old.composites.iter(),
        comparison.new.composites.iter(),
    );
    let old = old.find(|composite| composite.name.sql == name)?;
    Some((old, new.find(|composite| composite.name.sql == name)?))
}

/// A domain of both schemas: one that narrows another type is no way to the fields.
fn find_domain<'a>(comparison: &Comparison<'a>, name: &str) -> Option<&'a Domain> {
    let is_same = |domain: &&Domain| domain.name.sql == name;
    let old = comparison.old.domains.iter().find(is_same)?;
    let new = comparison.new.domains.iter().find(is_same)?;
    (old.base == new.base).then_some(old)
}
