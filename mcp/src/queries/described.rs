//! A query as a tool: name, description, schema of its arguments, hints.

use super::KnownQuery;
use super::inputs::write_object;
use rmcp::model::{Tool, ToolAnnotations};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The tool. Its list is read by a model in each conversation, so nothing is in it that the model can do without: no schema of
/// results, whose fields have names, and no hint that repeats the protocol's default.
pub(crate) fn describe_tool(query: &KnownQuery) -> Tool {
    let schema = match write_object(&query.inputs) {
        Value::Object(schema) => schema,
        _ => serde_json::Map::new(),
    };
    let description = describe(query).map(Cow::Owned);
    let tool = Tool::new_with_raw(query.name, description, Arc::new(schema));
    if query.writes {
        // A tool may write and destroy unless it says otherwise.
        return tool;
    }
    tool.with_annotations(ToolAnnotations::new().read_only(true))
}

fn describe(query: &KnownQuery) -> Option<String> {
    let text = query.docs.join(" ");
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}
