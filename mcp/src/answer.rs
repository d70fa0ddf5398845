//! The answer of a tool: JSON, or an error that a model can act on.

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::Value;

/// Why a call gave no result, in words for a model: the change to make, and no value of any row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ToolError(pub(crate) String);

impl ToolError {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

/// The result of the protocol. An error is one of the tool, not of the protocol, because clients hide the latter from the model.
pub(crate) fn write_answer(answer: Result<Value, ToolError>) -> CallToolResult {
    match answer {
        Ok(value) => CallToolResult::structured(value),
        Err(error) => CallToolResult::error(vec![ContentBlock::text(error.0)]),
    }
}
