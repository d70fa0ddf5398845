//! Requests, notifications and answers as JSON.

use serde::Deserialize;
use serde_json::{Value, json};

/// A message of the client.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// It waits for an answer.
    Request {
        id: Value,
        method: String,
        params: Value,
    },
    /// It waits for nothing.
    Notification { method: String, params: Value },
    /// The answer to a request of the server.
    Answer,
}

/// Any message, before its kind is known.
#[derive(Deserialize)]
struct Parts {
    id: Option<Value>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Option<Value>,
    #[serde(default)]
    error: Option<Value>,
}

/// The codes of errors in answers: those of JSON-RPC 2.0, and of the specification's "Response Message".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorCode {
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    ServerNotInitialized = -32002,
}

/// An error as the answer to a request.
#[derive(Debug)]
pub(crate) struct RpcError {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl RpcError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }
}

impl Incoming {
    /// Reads a message, or gives the answer to one that cannot be read: with its id, if that can.
    pub(crate) fn parse(content: &[u8]) -> Result<Self, Value> {
        let value: Value = serde_json::from_slice(content).map_err(|error| {
            let error = RpcError::new(ErrorCode::ParseError, format!("this is not JSON: {error}"));
            write_response(&Value::Null, Err(error))
        })?;
        let id = value.get("id").cloned().unwrap_or(Value::Null);
        let refuse = |message: &str| {
            let error = RpcError::new(ErrorCode::InvalidRequest, message);
            write_response(&id, Err(error))
        };
        let parts: Parts = serde_json::from_value(value)
            .map_err(|error| refuse(&format!("this is no message of JSON-RPC: {error}")))?;
        match (parts.id, parts.method) {
            (Some(id @ (Value::Number(_) | Value::String(_))), Some(method)) => Ok(Self::Request {
                id,
                method,
                params: parts.params,
            }),
            (None, Some(method)) => Ok(Self::Notification {
                method,
                params: parts.params,
            }),
            (Some(_), None) if parts.result.is_some() || parts.error.is_some() => Ok(Self::Answer),
            // `result: null` is read as no result.
            (Some(Value::Number(_) | Value::String(_)), None) => Ok(Self::Answer),
            _ => Err(refuse(
                "a message has a method, and an id that is a number or a string",
            )),
        }
    }
}

/// The answer to a request.
pub(crate) fn write_response(id: &Value, result: Result<Value, RpcError>) -> Value {
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(RpcError { code, message }) => {
            let error = json!({ "code": code as i32, "message": message });
            json!({ "jsonrpc": "2.0", "id": id, "error": error })
        }
    }
}

/// A message to the client that waits for nothing.
pub(crate) fn write_notification(method: &str, params: &impl serde::Serialize) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::{Incoming, Value};

    #[test]
    fn each_kind_of_message_is_told_from_the_others() {
        let parse = |text: &str| Incoming::parse(text.as_bytes());
        let request = parse(r#"{"jsonrpc":"2.0","id":"a","method":"shutdown","params":null}"#);
        assert!(matches!(request, Ok(Incoming::Request { method, .. }) if method == "shutdown"));
        let notification = parse(r#"{"method":"exit"}"#);
        assert!(matches!(
            notification,
            Ok(Incoming::Notification {
                params: Value::Null,
                ..
            })
        ));
        for answer in [
            r#"{"id":1,"result":null}"#,
            r#"{"id":1,"error":{"code":1,"message":""}}"#,
        ] {
            assert!(matches!(parse(answer), Ok(Incoming::Answer)));
        }
    }

    #[test]
    fn a_message_that_cannot_be_read_gets_an_answer_with_its_id() {
        let code = |text: &str| {
            let answer = Incoming::parse(text.as_bytes()).unwrap_err();
            (
                answer["id"].clone(),
                answer["error"]["code"].as_i64().unwrap(),
            )
        };
        assert_eq!(code("{"), (Value::Null, -32700));
        assert_eq!(code("[]"), (Value::Null, -32600));
        assert_eq!(code("\u{0}"), (Value::Null, -32700));
        assert_eq!(code(r#"{"id":7,"method":8}"#), (7.into(), -32600));
        assert_eq!(code(r#"{"id":{},"method":"a"}"#).1, -32600);
    }
}
