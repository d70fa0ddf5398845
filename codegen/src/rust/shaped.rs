//! A query of which parts can be left out, as Rust: the struct of its parameters, the enum of its orders, the pieces of its text.
//!
//! Given: a query with its [`Shape`]. Gives: the view, and the expression that makes the choice of a call's parameters.

use super::extras::TypeExtras;
use super::fields::ParameterField;
use super::names::{Unique, doc_text, pascal_case, rust_literal};
use super::query::parameter_struct_name;
use super::statement_text::{statement_literal, with_name};
use super::types::RustType;
use super::view;
use crate::query::{Condition, Finished, PartSwitch, Shape, find_parameters};

/// The most required parameters for which there is a function: clippy refuses functions with more.
const MOST_ARGUMENTS: usize = 7;

/// The name of the enum of its orders, if it has some.
pub(super) fn order_enum_name(query: &Finished) -> Option<String> {
    let shape = query.query.shape.as_deref()?;
    let name = format!("{}Order", pascal_case(&query.query.name));
    (!shape.orders.is_empty()).then_some(name)
}

/// The view of a query with parts or orders, and the calls that choose a variant by its parameters.
pub(super) fn shaped_view(
    query: &Finished,
    parameters: &[ParameterField],
    extras: &TypeExtras,
) -> Option<(view::Shaped, String)> {
    let shape = query.query.shape.as_deref()?;
    let fields = name_fields(query, shape, parameters);
    let order = order_enum_name(query).map(|name| order_view(name, shape));
    let required = fields
        .views
        .iter()
        .filter(|field| field.default.is_none())
        .count();
    let is_default = required == 0;
    let name = parameter_struct_name(query);
    let borrows = parameters.iter().any(|field| field.rust_type.is_borrowed());
    let debug = write_debug(&name, borrows, &fields.views);
    let view = view::Shaped {
        derives: derive_list(extras, debug.is_some(), is_default),
        attributes: extras.attributes.clone(),
        debug,
        name,
        borrows,
        has_new: (1..=MOST_ARGUMENTS).contains(&required),
        is_default,
        sets_nothing: (!shape.required.is_always())
            .then(|| negate_condition(&shape.required, &fields.tests)),
        order,
        pieces: write_pieces(shape, &query.query.name),
        required: masks_literal(&shape.required),
        fields: fields.views,
    };
    Some((
        view,
        choose_expression(shape, &fields.tests, fields.order.as_deref()),
    ))
}

/// The call that implements `Debug`, if a field is a secret.
fn write_debug(name: &str, borrows: bool, fields: &[view::ShapedField]) -> Option<String> {
    let type_name = format!("{name}{}", if borrows { "<'_>" } else { "" });
    let shown = fields
        .iter()
        .map(|field| (field.name.as_str(), field.secret));
    view::write_debug(&type_name, name, &shown.collect::<Vec<_>>())
}

fn derive_list(extras: &TypeExtras, has_debug: bool, is_default: bool) -> String {
    let debug = (!has_debug).then_some("Debug");
    let default = is_default.then_some("Default");
    let own = std::iter::once("Clone").chain(debug).chain(default);
    extras.derive_list(&own.collect::<Vec<_>>())
}

/// The parameter of the generated method.
pub(super) fn write_signature(view: &view::Shaped) -> view::ParameterView {
    let lifetime = if view.borrows { "<'_>" } else { "" };
    view::ParameterView {
        name: "params".to_owned(),
        rust_type: format!("{}{lifetime}", view.name),
    }
}

/// The tests of a switch as expressions, behind `params.` or `self.`.
#[derive(Clone, Default)]
struct SwitchTest {
    /// `domain.is_some()`
    on: String,
    /// `domain.is_none()`
    off: String,
    /// `!` or nothing, before the test.
    on_sign: &'static str,
    off_sign: &'static str,
}

impl SwitchTest {
    fn of_field(name: &str, rust_type: &RustType) -> Self {
        match rust_type {
            RustType::Patch(_) => Self {
                on: format!("{name}.is_keep()"),
                off: format!("{name}.is_keep()"),
                on_sign: "!",
                off_sign: "",
            },
            _ => Self {
                on: format!("{name}.is_some()"),
                off: format!("{name}.is_none()"),
                on_sign: "",
                off_sign: "",
            },
        }
    }

    fn of_flag(name: &str) -> Self {
        Self {
            on: name.to_owned(),
            off: name.to_owned(),
            on_sign: "",
            off_sign: "!",
        }
    }
}

/// The fields of the struct.
struct FieldsOfShape {
    views: Vec<view::ShapedField>,
    /// For each switch, the tests of its field.
    tests: Vec<SwitchTest>,
    /// The field of the order.
    order: Option<String>,
}

fn name_fields(query: &Finished, shape: &Shape, parameters: &[ParameterField]) -> FieldsOfShape {
    // A flag must not take the name of a field; names are compared without the mark of raw identifiers.
    let taken = parameters.iter().map(|field| field.name.as_str());
    let taken: Vec<&str> = taken
        .map(|name| name.strip_prefix("r#").unwrap_or(name))
        .collect();
    let mut names = Unique::reserving(&taken);
    let mut views = Vec::new();
    let mut tests = vec![SwitchTest::default(); shape.switches.len()];
    let passed = parameters.iter().zip(&query.query.parameters);
    for (field, written) in passed.filter(|(field, _)| field.is_passed()) {
        let bit = shape.find_switch(written);
        let switch = bit.and_then(|bit| shape.switches.get(bit as usize));
        if let Some(test) = bit.and_then(|bit| tests.get_mut(bit as usize)) {
            *test = SwitchTest::of_field(&field.name, &field.rust_type);
        }
        views.push(view::ShapedField {
            name: field.name.clone(),
            rust_type: field.rust_type.with_lifetime("'a"),
            doc: switch.map(document_switch).unwrap_or_default(),
            attributes: field.attributes.clone(),
            secret: field.secret,
            default: switch.map(|_| match &field.rust_type {
                RustType::Patch(_) => "xact::Patch::Keep".to_owned(),
                _ => "None".to_owned(),
            }),
        });
    }
    let flags = shape.switches.iter().zip(&mut tests);
    for (flag, test) in flags.filter(|(switch, _)| !switch.is_parameter) {
        let name = names.identifier(&flag.name);
        *test = SwitchTest::of_flag(&name);
        views.push(view::ShapedField {
            name,
            rust_type: "bool".to_owned(),
            doc: document_switch(flag),
            attributes: Vec::new(),
            secret: false,
            default: Some("false".to_owned()),
        });
    }
    let order = order_enum_name(query).map(|rust_type| {
        let name = names.identifier("order");
        views.push(view::ShapedField {
            name: name.clone(),
            default: Some(format!("{rust_type}::default()")),
            rust_type,
            doc: vec![doc_text("The order of the rows.")],
            attributes: Vec::new(),
            secret: false,
        });
        name
    });
    FieldsOfShape {
        views,
        tests,
        order,
    }
}

/// The comment above the part, or else its SQL.
fn document_switch(switch: &PartSwitch) -> Vec<String> {
    if !switch.docs.is_empty() {
        return switch.docs.iter().map(|line| doc_text(line)).collect();
    }
    let mut parts: Vec<String> = switch
        .parts
        .iter()
        .map(|part| {
            // A backtick would end the code in the documentation.
            let part = part.trim_matches([',', ' ']).replace('`', "'");
            format!("`{part}`")
        })
        .collect();
    // A column of an INSERT and its value may be the same text.
    parts.dedup();
    let condition = if switch.is_parameter {
        "if it is given"
    } else {
        "if it is true"
    };
    vec![doc_text(&format!("{} {condition}.", parts.join(" and ")))]
}

fn order_view(name: String, shape: &Shape) -> view::OrderEnum {
    let mut names = Unique::default();
    let variants = shape.orders.iter().map(|order| view::OrderVariant {
        name: names.name(&pascal_case(&order.name)),
        label: rust_literal(&order.name),
        doc: doc_text(&format!("`{}`", order.sql.replace('`', "'"))),
    });
    view::OrderEnum {
        variants: variants.collect(),
        name,
    }
}

/// `.choose().part(0, params.domain.is_some()).take(1, params.order as u32)`
fn choose_expression(shape: &Shape, tests: &[SwitchTest], order: Option<&str>) -> String {
    let parts = tests.iter().enumerate();
    let parts =
        parts.map(|(bit, test)| format!(".part({bit}, {}params.{})", test.on_sign, test.on));
    let alternatives = shape.alternatives.iter().map(|group| match order {
        Some(field) if group.name == "order" => {
            format!(".take({}, params.{field} as u32)", group.first)
        }
        _ => format!(".take({}, 0)", group.first),
    });
    let calls: String = parts.chain(alternatives).collect();
    format!(".choose(){calls}")
}

/// Whether a condition does not hold, as an expression of `self`.
fn negate_condition(condition: &Condition, tests: &[SwitchTest]) -> String {
    let sets: Vec<Vec<String>> = condition
        .sets()
        .iter()
        .map(|set| {
            let bits = tests.iter().zip(0u32..);
            let bits = bits.filter(|(_, bit)| set & (1 << bit) != 0);
            bits.map(|(test, _)| format!("{}self.{}", test.off_sign, test.off))
                .collect()
        })
        .collect();
    let several = sets.len() > 1;
    let missing = sets.iter().map(|set| match set.as_slice() {
        [one] => one.clone(),
        _ if several => format!("({})", set.join(" || ")),
        _ => set.join(" || "),
    });
    missing.collect::<Vec<_>>().join(" && ")
}

fn masks_literal(condition: &Condition) -> String {
    let masks: Vec<String> = condition.sets().iter().map(u64::to_string).collect();
    format!("&[{}]", masks.join(", "))
}

/// A run of text with one condition, and the parameter behind it.
pub(super) struct ShapedPiece {
    pub(super) text: String,
    pub(super) parameter: Option<usize>,
    pub(super) when: Condition,
}

/// The pieces of the text, each as a call of the runtime's `Piece::new`.
fn write_pieces(shape: &Shape, name: &str) -> Vec<String> {
    split_pieces(shape, name)
        .iter()
        .map(piece_expression)
        .collect()
}

/// The pieces of the text.
pub(super) fn split_pieces(shape: &Shape, name: &str) -> Vec<ShapedPiece> {
    let mut pieces: Vec<ShapedPiece> = Vec::new();
    let mut is_named = false;
    for segment in &shape.segments {
        let mut text = segment.sql.text.clone();
        // In a piece that every variant has.
        if !is_named && segment.when.is_always() {
            is_named = true;
            text = with_name(&text, name);
        }
        let mut at = 0;
        for (range, parameter) in find_parameters(&text) {
            push_text(&mut pieces, &text[at..range.start], &segment.when);
            let last = pieces
                .last_mut()
                .filter(|last| last.parameter.is_none() && last.when == segment.when);
            match last {
                Some(last) => last.parameter = Some(parameter),
                None => pieces.push(ShapedPiece {
                    text: String::new(),
                    parameter: Some(parameter),
                    when: segment.when.clone(),
                }),
            }
            at = range.end;
        }
        push_text(&mut pieces, &text[at..], &segment.when);
    }
    pieces
}

/// Adds text to the piece before it, if that has the same condition and no parameter behind it.
fn push_text(pieces: &mut Vec<ShapedPiece>, text: &str, when: &Condition) {
    match pieces.last_mut() {
        Some(last) if last.parameter.is_none() && last.when == *when => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(ShapedPiece {
            text: text.to_owned(),
            parameter: None,
            when: when.clone(),
        }),
    }
}

fn piece_expression(piece: &ShapedPiece) -> String {
    let text = statement_literal(&piece.text);
    let when = masks_literal(&piece.when);
    match piece.parameter {
        Some(parameter) => format!("Piece::new({text}, Some({parameter}), {when})"),
        None => format!("Piece::new({text}, None, {when})"),
    }
}
