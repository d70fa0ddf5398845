//! The arguments of a call: JSON → texts by parameter, choices of parts, and the page. Nothing is sent here.

use super::KnownQuery;
use super::inputs::{Input, InputKind};
use crate::values::{ArgumentError, Form, ValueType, write_array, write_text};
use serde_json::{Map, Value};
use xact::Cursor;

/// The arguments of one call.
#[derive(Debug, Default)]
pub(super) struct GivenArguments {
    /// The text of each parameter; none for NULL, and for those of parts that are left out.
    pub(super) texts: Vec<Option<String>>,
    /// The bits of the parts that are on.
    pub(super) parts: u64,
    /// The index of the order.
    pub(super) order: u32,
    pub(super) page: PageChoice,
    /// The rows of a slice, each by parameter.
    pub(super) rows: Vec<Vec<RowText>>,
}

/// The page that is asked for.
#[derive(Debug, Default)]
pub(super) struct PageChoice {
    pub(super) size: Option<u32>,
    pub(super) after: Option<Cursor>,
    pub(super) before: Option<Cursor>,
}

/// The value of a parameter for one row of a slice.
#[derive(Clone, Debug, Default)]
pub(super) struct RowText {
    pub(super) text: Option<String>,
    /// The elements, if it is a list.
    pub(super) elements: Option<Vec<Option<String>>>,
}

/// Reads the arguments of a call.
///
/// # Errors
/// An argument is missing, unknown, or not of the type of its parameter.
pub(super) fn read_arguments(
    query: &KnownQuery,
    arguments: &Map<String, Value>,
) -> Result<GivenArguments, ArgumentError> {
    // An argument that is ignored would give an agent an answer to another question.
    refuse_unknown(&query.inputs, arguments, "")?;
    let mut given = GivenArguments {
        texts: vec![None; query.parameters.len()],
        ..GivenArguments::default()
    };
    for input in &query.inputs {
        let value = arguments.get(&input.name);
        // Null as well, which clients send for what they leave out.
        if input.required && value.is_none_or(Value::is_null) {
            return Err(ArgumentError::new(&input.name, "it is required"));
        }
        given.take(query, input, value)?;
    }
    if given.page.after.is_some() && given.page.before.is_some() {
        let problem = "pass one of `after` and `before`, not both";
        return Err(ArgumentError::new("before", problem));
    }
    Ok(given)
}

/// Arguments that a tool does not have are refused by name, so that no setting of the scope can be among them by mistake.
fn refuse_unknown(
    inputs: &[Input],
    arguments: &Map<String, Value>,
    place: &str,
) -> Result<(), ArgumentError> {
    let is_known = |name: &str| inputs.iter().any(|input| input.name == name);
    let Some(unknown) = arguments.keys().find(|name| !is_known(name)) else {
        return Ok(());
    };
    let names: Vec<&str> = inputs.iter().map(|input| input.name.as_str()).collect();
    let problem = match names.as_slice() {
        [] => "there is no such argument: it takes none".to_owned(),
        names => format!("there is no such argument; it takes {}", names.join(", ")),
    };
    Err(ArgumentError::new(&format!("{place}{unknown}"), problem))
}

impl GivenArguments {
    fn take(
        &mut self,
        query: &KnownQuery,
        input: &Input,
        value: Option<&Value>,
    ) -> Result<(), ArgumentError> {
        let name = &input.name;
        match &input.kind {
            InputKind::Value {
                parameter,
                switch,
                nullable,
                default,
            } => {
                let value_type = &query.parameters[*parameter];
                // A client may send null for an argument that it leaves out; only a parameter that may be NULL is set to it.
                let is_on = value.is_some_and(|value| *nullable || !value.is_null());
                self.switch(*switch, is_on);
                self.texts[*parameter] = match value.filter(|value| !value.is_null()) {
                    Some(value) => write_text(value_type, value, name)?,
                    None => default.clone(),
                };
            }
            InputKind::RowList { first, of, switch } => {
                let rows = value.filter(|value| !value.is_null());
                self.switch(*switch, rows.is_some());
                if let Some(rows) = rows {
                    let columns = &query.parameters[*first..*first + *of];
                    let texts = read_row_list(columns, rows, name)?;
                    self.texts
                        .splice(*first..*first + *of, texts.into_iter().map(Some));
                }
            }
            InputKind::Flag(bit) => {
                let is_on = read_optional(value, name, Value::as_bool, "true or false")?;
                self.switch(Some(*bit), is_on == Some(true));
            }
            InputKind::Order(names) => {
                let expected = format!("one of {}", names.join(", "));
                let find = |value: &Value| names.iter().position(|known| value == known.as_str());
                let index = read_optional(value, name, find, &expected)?;
                self.order = u32::try_from(index.unwrap_or(0)).unwrap_or(0);
            }
            InputKind::Rows(inputs) => self.rows = read_rows(query, inputs, value, name)?,
            InputKind::PageSize => {
                let read = |value: &Value| value.as_u64().filter(|size| *size > 0);
                let size = read_optional(value, name, read, "an integer of 1 or more")?;
                // A larger size is cut to the limit of the server anyway.
                self.page.size = size.map(|size| u32::try_from(size).unwrap_or(u32::MAX));
            }
            InputKind::After => self.page.after = read_cursor(value, name)?,
            InputKind::Before => self.page.before = read_cursor(value, name)?,
        }
        Ok(())
    }

    fn switch(&mut self, bit: Option<u32>, is_on: bool) {
        if let (Some(bit), true) = (bit, is_on) {
            self.parts |= 1 << bit;
        }
    }
}

fn read_optional<T>(
    value: Option<&Value>,
    name: &str,
    read: impl Fn(&Value) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, ArgumentError> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let read = read(value);
    let refused = || ArgumentError::new(name, format!("expected {expected}"));
    read.map(Some).ok_or_else(refused)
}

fn read_cursor(value: Option<&Value>, name: &str) -> Result<Option<Cursor>, ArgumentError> {
    let read = |value: &Value| value.as_str()?.parse().ok();
    let expected = "the text of `next` or `previous` of an earlier result, unchanged";
    read_optional(value, name, read, expected)
}

/// The columns of a list of rows, each as the text of an array.
fn read_row_list(
    columns: &[ValueType],
    rows: &Value,
    name: &str,
) -> Result<Vec<String>, ArgumentError> {
    let expected = || {
        let problem = format!("expected a list of lists of {} values", columns.len());
        ArgumentError::new(name, problem)
    };
    let rows = rows.as_array().ok_or_else(expected)?;
    let mut texts = vec![Vec::new(); columns.len()];
    for (index, row) in rows.iter().enumerate() {
        let values = row.as_array().filter(|row| row.len() == columns.len());
        let values = values.ok_or_else(expected)?;
        for (column, (array, value)) in columns.iter().zip(values).enumerate() {
            let path = format!("{name}[{index}][{column}]");
            let Form::Array(element) = &array.form else {
                return Err(expected());
            };
            texts[column].push(write_text(element, value, &path)?);
        }
    }
    let texts = texts.iter();
    Ok(texts
        .map(|column| write_array(column.iter().map(Option::as_deref)))
        .collect())
}

/// The rows of a slice.
fn read_rows(
    query: &KnownQuery,
    inputs: &[Input],
    value: Option<&Value>,
    name: &str,
) -> Result<Vec<Vec<RowText>>, ArgumentError> {
    let rows = value.and_then(Value::as_array);
    let rows = rows.ok_or_else(|| ArgumentError::new(name, "expected a list of objects"))?;
    let read = |(index, row): (usize, &Value)| {
        let place = format!("{name}[{index}]");
        let object = row.as_object();
        let object = object.ok_or_else(|| ArgumentError::new(&place, "expected an object"))?;
        read_row(query, inputs, object, &format!("{place}."))
    };
    rows.iter().enumerate().map(read).collect()
}

fn read_row(
    query: &KnownQuery,
    inputs: &[Input],
    object: &Map<String, Value>,
    place: &str,
) -> Result<Vec<RowText>, ArgumentError> {
    refuse_unknown(inputs, object, place)?;
    let mut texts = vec![RowText::default(); query.parameters.len()];
    for input in inputs {
        let InputKind::Value { parameter, .. } = input.kind else {
            continue;
        };
        let path = format!("{place}{}", input.name);
        let value = object.get(&input.name).unwrap_or(&Value::Null);
        if value.is_null() {
            if input.required {
                return Err(ArgumentError::new(&path, "it is required"));
            }
            continue;
        }
        let value_type = &query.parameters[parameter];
        // The rows are sent as arrays, in which a list is spread out over its elements.
        let elements = match (&value_type.form, value) {
            (Form::Array(element), Value::Array(values)) => {
                Some(write_elements(element, values, &path)?)
            }
            _ => None,
        };
        let text = write_text(value_type, value, &path)?;
        texts[parameter] = RowText { text, elements };
    }
    Ok(texts)
}

fn write_elements(
    element: &ValueType,
    values: &[Value],
    path: &str,
) -> Result<Vec<Option<String>>, ArgumentError> {
    let values = values.iter().enumerate();
    values
        .map(|(index, value)| write_text(element, value, &format!("{path}[{index}]")))
        .collect()
}
