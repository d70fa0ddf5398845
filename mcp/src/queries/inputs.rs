//! The arguments that a tool takes.

use super::descriptions::find_description;
use crate::scope::AgentScope;
use crate::values::{ValueType, write_schema};
use serde_json::{Map, Value, json};
use xact_codegen::query::{Command, Finished, Shape};
use xact_codegen::workspace::CheckedProject;

/// One argument of a tool.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) kind: InputKind,
    pub(crate) schema: Map<String, Value>,
    pub(crate) required: bool,
}

/// The use of an argument.
#[derive(Clone, Debug)]
pub(crate) enum InputKind {
    /// The value of the parameter at this index.
    Value {
        parameter: usize,
        /// The bit of the parts that it switches.
        switch: Option<u32>,
        nullable: bool,
        /// The value of the scope's setting of the same name, which holds if the argument is left out.
        default: Option<String>,
    },
    /// A list of rows, whose columns are so many parameters from this index.
    RowList {
        first: usize,
        of: usize,
        switch: Option<u32>,
    },
    /// The parts of a flag, by its bit.
    Flag(u32),
    /// The order, by its name.
    Order(Vec<String>),
    /// The rows of a slice, each an object of these.
    Rows(Vec<Input>),
    /// The number of rows of a page.
    PageSize,
    /// The cursor that the page follows.
    After,
    /// The cursor that the page is before.
    Before,
}

/// The arguments of a query.
pub(super) fn list_inputs(
    query: &Finished,
    checked: &CheckedProject,
    scope: &AgentScope,
) -> Vec<Input> {
    let mut inputs = list_values(query, checked, scope);
    if query.query.command.is_bulk() {
        inputs = vec![join_rows(inputs)];
    }
    if let Some(shape) = &query.query.shape {
        inputs.extend(list_choices(shape));
    }
    if query.query.command == Command::Page {
        inputs.extend(list_page_inputs());
    }
    // A parameter may be called as a switch is, or `limit`.
    make_unique(&mut inputs);
    inputs
}

fn list_values(query: &Finished, checked: &CheckedProject, scope: &AgentScope) -> Vec<Input> {
    let parameters = query
        .parameters
        .iter()
        .zip(&query.query.parameters)
        .enumerate();
    let inputs = parameters.filter_map(|(index, (parameter, written))| {
        let shape = query.query.shape.as_ref();
        let switch = shape.and_then(|shape| shape.find_switch(written));
        let value_type = ValueType::of_oid(parameter.type_oid, &checked.types);
        match written.part {
            // The first parameter of a list of rows stands for all of them.
            Some(part) if part.index > 0 => return None,
            Some(part) => {
                return Some(Input {
                    name: parameter.name.clone(),
                    kind: InputKind::RowList {
                        first: index,
                        of: part.of,
                        switch,
                    },
                    schema: write_row_list(query, checked, index, part.of),
                    required: switch.is_none(),
                });
            }
            None => {}
        }
        // A list of rows has no place for a default.
        let is_bulk = query.query.command.is_bulk();
        let default = scope.find_value(&parameter.name).filter(|_| !is_bulk);
        let mut schema = write_schema(&value_type, parameter.nullable);
        let described = parameter
            .origin
            .and_then(|column| find_description(checked, column));
        if let Some(text) = described {
            schema.insert("description".to_owned(), text.into());
        }
        Some(Input {
            name: parameter.name.clone(),
            required: switch.is_none() && !parameter.nullable && default.is_none(),
            kind: InputKind::Value {
                parameter: index,
                switch,
                nullable: parameter.nullable,
                default: default.map(str::to_owned),
            },
            schema,
        })
    });
    inputs.collect()
}

/// `(a, b) IN (:pairs)`: a list of lists.
fn write_row_list(
    query: &Finished,
    checked: &CheckedProject,
    first: usize,
    of: usize,
) -> Map<String, Value> {
    let columns = query.parameters.iter().skip(first).take(of);
    let columns: Vec<Value> = columns
        .map(|column| {
            let array = ValueType::of_oid(column.type_oid, &checked.types);
            let schema = Value::Object(write_schema(&array, false));
            schema.get("items").cloned().unwrap_or_default()
        })
        .collect();
    let rows = json!({"type": "array", "items": {"type": "array", "prefixItems": columns}});
    into_object(rows)
}

fn join_rows(mut values: Vec<Input>) -> Input {
    make_unique(&mut values);
    Input {
        name: "rows".to_owned(),
        schema: into_object(json!({"type": "array", "items": write_object(&values)})),
        kind: InputKind::Rows(values),
        required: true,
    }
}

/// The schema of an object with these fields.
pub(crate) fn write_object(inputs: &[Input]) -> Value {
    let properties = inputs.iter();
    let properties: Map<String, Value> = properties
        .map(|input| (input.name.clone(), input.schema.clone().into()))
        .collect();
    let required: Vec<&str> = inputs
        .iter()
        .filter(|input| input.required)
        .map(|input| input.name.as_str())
        .collect();
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn list_choices(shape: &Shape) -> Vec<Input> {
    let switches = shape.switches.iter().zip(0u32..);
    let flags = switches.filter(|(switch, _)| !switch.is_parameter);
    let flags = flags.map(|(switch, bit)| Input {
        name: switch.name.clone(),
        kind: InputKind::Flag(bit),
        schema: into_object(json!({"type": "boolean"})),
        required: false,
    });
    let order = (!shape.orders.is_empty()).then(|| {
        let orders = shape.orders.iter();
        let names: Vec<String> = orders.map(|order| order.name.clone()).collect();
        Input {
            name: "order".to_owned(),
            schema: into_object(json!({"type": "string", "enum": names})),
            kind: InputKind::Order(names),
            required: false,
        }
    });
    flags.chain(order).collect()
}

fn list_page_inputs() -> [Input; 3] {
    let input = |name: &str, kind, json_type: &str| Input {
        name: name.to_owned(),
        kind,
        schema: into_object(json!({"type": json_type})),
        required: false,
    };
    [
        input("limit", InputKind::PageSize, "integer"),
        input("after", InputKind::After, "string"),
        input("before", InputKind::Before, "string"),
    ]
}

fn into_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// Two parameters that meet the same column have its name, and a parameter may be called like the size of a page.
fn make_unique(inputs: &mut [Input]) {
    for index in 0..inputs.len() {
        let mut number = 2;
        let written = inputs[index].name.clone();
        while inputs[..index]
            .iter()
            .any(|before| before.name == inputs[index].name)
        {
            inputs[index].name = format!("{written}_{number}");
            number += 1;
        }
    }
}
