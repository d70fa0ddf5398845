//! The texts of arguments → the arguments of a call, as the runtime takes them.

use super::KnownQuery;
use super::arguments::GivenArguments;
use super::postgres_text::parse_text;
use crate::answer::ToolError;
use crate::scope::AgentScope;
use crate::values::{RawValue, ValueType, encode_text};
use xact::Xact;
use xact::generated::Arguments;

/// The arguments of a variant, or of the query.
pub(super) fn choose_arguments(
    query: &KnownQuery,
    given: &GivenArguments,
    values: &[RawValue],
) -> Arguments {
    let start = match (query.runtime.shape, &query.finished.query.shape) {
        (Some(shaped), Some(shape)) => {
            let mut choice = shaped.choose();
            for (_, bit) in shape.switches.iter().zip(0u32..) {
                choice = choice.part(bit, given.parts & (1 << bit) != 0);
            }
            for group in &shape.alternatives {
                let index = if group.name == "order" {
                    given.order
                } else {
                    0
                };
                choice = choice.take(group.first, index);
            }
            choice.arguments()
        }
        _ => query.runtime.query.arguments(),
    };
    values.iter().fold(start, Arguments::push)
}

/// The bytes of the parameters, in their order.
pub(super) async fn encode_values(
    xact: &mut Xact<AgentScope>,
    query: &KnownQuery,
    texts: &[Option<String>],
) -> Result<Vec<RawValue>, ToolError> {
    let mut values = Vec::new();
    let types = query.parameters.iter().zip(&query.finished.parameters);
    for ((value_type, parameter), text) in types.zip(texts) {
        let value = encode_value(xact, value_type, &parameter.name, text.as_deref()).await?;
        values.push(value);
    }
    Ok(values)
}

/// The bytes of an argument.
pub(super) async fn encode_value(
    xact: &mut Xact<AgentScope>,
    value_type: &ValueType,
    name: &str,
    text: Option<&str>,
) -> Result<RawValue, ToolError> {
    let Some(text) = text else {
        return Ok(RawValue::default());
    };
    // The checks of a domain are Postgres's, and their error should name the argument.
    let is_domain = value_type.sql_name != value_type.base_name;
    let native = encode_text(&value_type.form, text).filter(|_| !is_domain);
    if let Some(bytes) = native {
        return Ok(RawValue::of_bytes(Some(bytes)));
    }
    let parsed = parse_text(xact, &value_type.sql_name, text).await;
    parsed.map_err(|error| {
        // Class 22 is "data exception", and 23514 the check of a domain.
        let is_value = error
            .code()
            .is_some_and(|code| code.starts_with("22") || code == "23514");
        if is_value {
            let type_name = value_type.sql_name.replace('"', "");
            ToolError::new(format!(
                "argument `{name}`: Postgres does not read it as {type_name}"
            ))
        } else {
            ToolError::new(error.to_string())
        }
    })
}
